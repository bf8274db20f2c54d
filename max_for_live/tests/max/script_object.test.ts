import { expect, test } from "vitest";
import { opened, Sketch } from "./hand_made.ts";

/** A device with one script, its outlets heard, and message boxes into it. */
function scripted(text: string, messages: readonly string[] = [], outlets = 1): Sketch {
  const sketch = new Sketch();
  sketch.script("script", text, outlets);
  for (let outlet = 0; outlet < outlets; outlet++) {
    sketch.wire("script", sketch.probe(`out${outlet}`), outlet);
  }
  for (const message of messages) {
    sketch.box({ kind: "message", text: message, inlets: 2, name: message });
    sketch.wire(message, "script");
  }
  return sketch;
}

const ECHO = `
  inlets = 1;
  outlets = 1;
  function anything() { outlet(0, [messagename].concat(arrayfromargs(arguments))); }
`;

test("A message calls the function of its name, or anything with its name", async () => {
  const text = `${ECHO} function bang() { outlet(0, ["banged"]); }`;
  const { max } = await opened(scripted(text, ["bang", "dice", "velocity 50", "7"]));
  for (const message of ["bang", "dice", "velocity 50", "7"]) {
    max.press(message);
  }
  expect(max.console).toEqual(["out0: banged", "out0: dice", "out0: velocity 50", "out0: 7"]);
});

test("A symbol that looks like a number stays a symbol", async () => {
  const text = `function go() { outlet(0, ["is", "12", 12]); }
    function is(a, b) { post(typeof a, typeof b); }`;
  const sketch = scripted(text, ["go"]);
  const { max } = await opened(sketch.wire("script", "script"));
  max.press("go");
  expect(max.console).toContain("string number");
});

test("No message calls what Max gives to a script", async () => {
  const { max } = await opened(scripted(ECHO, ["post 5"]));
  max.press("post 5");
  expect(max.console).toEqual(["out0: post 5"]);
});

test.each([
  ["[{}]", "a object is no message"],
  ["[undefined]", "a undefined is no message"],
  ["[0 / 0]", "a number that is not finite is no message"],
  ["[]", "nothing is no message"],
  ["'a'", "outlet 0 got a string, allowed is an array"],
])("outlet refuses %s", async (values, complaint) => {
  const { max } = await opened(scripted(`function go() { outlet(0, ${values}); }`, ["go"]));
  max.press("go");
  expect(max.console).toHaveLength(1);
  expect(max.errors[0]).toContain(complaint);
});

test("A symbol of more than 32,767 characters is cut, and the console says so", async () => {
  const text = `function go() { outlet(0, ["long", "x".repeat(32768)]); }`;
  const { max } = await opened(scripted(text, ["go"]));
  max.press("go");
  expect(max.errors).toEqual(["v8 script: a symbol of 32768 characters is cut, allowed are 32767"]);
  expect(max.console[1]).toBe(`out0: long ${"x".repeat(32_767)}`);
});

test("An outlet that the script does not have is refused", async () => {
  const { max } = await opened(scripted("function go() { outlet(1, [1]); }", ["go"]));
  max.press("go");
  expect(max.errors).toEqual(["v8 script: bad outlet index 1"]);
});

test("A script sends nothing while it is compiled", async () => {
  const { max } = await opened(scripted("outlet(0, [1]);"));
  expect(max.errors).toEqual(["v8 script: bad outlet index 0"]);
});

test("An error in a script goes to the console, and the next message works", async () => {
  const text = `function go() {\n  throw new TypeError("no clip");\n} function on() { post("on"); }`;
  const { max } = await opened(scripted(text, ["go", "on"]));
  max.press("go");
  max.press("on");
  expect(max.console).toEqual(["v8 script: TypeError: no clip (script.js, line 2)", "on"]);
});

test("The console leaves out the break at the end of a line", async () => {
  const { max } = await opened(scripted("post('one\\n'); error('two\\n');"));
  expect(max.console).toEqual(["one", "v8 script: two"]);
});

test("A script that is not in the device is missed", async () => {
  const sketch = new Sketch();
  sketch.box({ text: "v8 lost.js", name: "script" });
  const { max } = await opened(sketch);
  expect(max.errors).toEqual(["v8 script: can't find file lost.js"]);
});

test("Node's own globals are not there", async () => {
  const names = ["require", "process", "console", "setTimeout", "structuredClone", "Buffer"];
  const text = `post(${names.map((name) => `typeof ${name}`).join(", ")});`;
  const { max } = await opened(scripted(text));
  expect(max.console).toEqual([names.map(() => "undefined").join(" ")]);
});

test("A task acts after its time on the clock of the device, unless it is cancelled", async () => {
  const text = `
    const start = Date.now();
    const task = new Task(() => post(new Date() - start));
    const other = new Task(() => post("never"));
    task.schedule(250);
    other.schedule(100);
    other.cancel();`;
  const { max, clock } = await opened(scripted(text));
  clock.advance(1000);
  expect(max.console).toEqual(["250"]);
});

test("A task repeats with its interval until it is cancelled", async () => {
  const text = `
    let count = 0;
    const task = new Task(() => { if (++count === 3) task.cancel(); post(count); });
    task.interval = 40;
    task.repeat();`;
  const { max, clock } = await opened(scripted(text));
  clock.advance(79);
  expect(max.console).toEqual(["1", "2"]);
  clock.advance(1000);
  expect(max.console).toEqual(["1", "2", "3"]);
});

test("Dictionaries of one name are one in all objects of the device", async () => {
  const sketch = scripted(`function go() { new Dict("box").parse('{"a": [1, 2]}'); }`, ["go"]);
  sketch.script("reader", `function read() { post(new Dict("box").stringify()); }`);
  sketch.box({ kind: "message", text: "read", inlets: 2, name: "read" });
  const { max } = await opened(sketch.wire("read", "reader"));
  max.press("go");
  max.press("read");
  expect(max.console).toEqual(['{"a":[1,2]}']);
});

test("A script is told that the device closes, and its tasks end", async () => {
  const text = `
    function notifydeleted() { post("bye"); }
    new Task(() => post("late")).schedule(10);`;
  const { max, clock } = await opened(scripted(text));
  await max.close();
  clock.advance(100);
  expect(max.console).toEqual(["bye"]);
});

test("Scripts share nothing but dictionaries", async () => {
  const sketch = scripted("shared = 1;");
  sketch.script("other", "post(typeof shared);");
  const { max } = await opened(sketch);
  expect(max.console).toEqual(["undefined"]);
});

test("Math.random is the test's", async () => {
  const { max } = await opened(scripted("post(Math.random());"), { random: () => 0.25 });
  expect(max.console).toEqual(["0.25"]);
});
