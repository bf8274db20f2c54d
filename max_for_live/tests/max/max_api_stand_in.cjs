/**
 * Stand in for the module max-api under plain Node: what Max would say comes over the process's
 * channel to its parent, and what the script says to Max goes out there.
 *
 * Start a script with it: fork(script, { execArgv: ["--require", "max_api_stand_in.cjs"] }).
 * In: { handler, atoms }. Out: { outlet: atoms } or { post: text }.
 *
 * Source: Max user guide, "Node for Max API": addHandler, addHandlers, outlet, post.
 */

const Module = require("node:module");

const handlers = new Map();

/**
 * Messages wait here for their handler, as a parent cannot know when it is there. Max drops what is
 * sent to a script that is not ready; who wants that too, such as `node_object.ts`, waits to send.
 */
const early = [];

const maxApi = {
  MESSAGE_TYPES: { ALL: "all", BANG: "bang", DICT: "dict", LIST: "list", NUMBER: "number" },
  POST_LEVELS: { ERROR: "error", INFO: "info", WARN: "warn" },
  addHandler(name, handler) {
    handlers.set(name, handler);
    for (const message of early.splice(0)) {
      receive(message);
    }
  },
  addHandlers(byName) {
    for (const [name, handler] of Object.entries(byName)) {
      maxApi.addHandler(name, handler);
    }
  },
  removeHandlers(name) {
    handlers.delete(name);
  },
  async outlet(...atoms) {
    process.send({ outlet: atoms });
  },
  async outletBang() {
    process.send({ outlet: ["bang"] });
  },
  async post(...texts) {
    process.send({ post: texts.join(" ") });
  },
};

function receive(message) {
  const handler = handlers.get(message.handler);
  if (handler) {
    handler(...message.atoms);
  } else {
    early.push(message);
  }
}

const load = Module._load;
Module._load = function (name, ...rest) {
  return name === "max-api" ? maxApi : load.call(this, name, ...rest);
};

process.on("message", receive);
