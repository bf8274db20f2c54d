/** Say in sentences what the device does and why it does not. */

/** Something that cannot be done, said to the user; nothing has been changed. */
export class Refusal extends Error {}

export const SAY = {
  oldLive: (version: string) => `yuragi needs Live 12.2 or later, this is ${version}.`,
  noNode: "Node for Max did not start: remove the device and add it again, or restart Live.",
  notReady: "yuragi is not connected yet.",
  noClip: "Select a MIDI clip on this track, or play one.",
  empty: (name: string) => `The clip ${named(name)} has no notes.`,
  frozen: "The track is frozen: unfreeze it first.",
  recording: (name: string) => `The clip ${named(name)} is being recorded: stop that first.`,
  playing: (name: string) => `Playing the clip ${named(name)} ...`,
  writing: "Writing a new clip ...",
  gone: "The clip was deleted meanwhile; nothing was written.",
  changed: "The clip was edited meanwhile; nothing was written. Press Humanize again.",
  torn: (had: number, got: number) =>
    `The server answered ${got} notes for ${had}; nothing was written.`,
  same: "The performance is the clip as it is.",
  written: (count: number, all: number) => `${count} of ${all} notes played.`,
  writtenSelected: (count: number, selected: number) =>
    `${count} of ${selected} selected notes played.`,
  refused: (count: number) =>
    `Live did not take ${count} notes as they were meant: use Live's undo.`,
  withPedal: (sentence: string) => `${sentence} The pedal plays while this device is on the track.`,
  warned: (sentence: string, warning: string) => `${sentence} ${withoutCure(warning)}`,
  reverted: (count: number) =>
    count === 0 ? "The clip is as you wrote it." : `${count} notes are as you wrote them.`,
  original: "You hear the original: switch that off, or press Humanize.",
  pedalOff: "The pedal is off.",
  pedalOn: "The pedal plays while this device is on the track.",
  notPlayed: "Nothing here was played by this device: press Humanize.",
  userEdits: (sentence: string, count: number) => `${sentence} ${count} that you edited are kept.`,
  committed: "This is the original now.",
  noSlot: "No clip slot is free on this track: insert a scene.",
  notMade: "Live did not make a new clip; nothing was changed.",
  generated: (count: number) => `${count} notes in a new clip.`,
  nothingGenerated: "The generator wrote no notes; no clip was made. Turn its dials.",
  exported: (path: string) => `Drag it onto the track: ${path}`,
  fault: "Something went wrong in this device; the Max console has the details.",
  unsaved: "What the set remembers of earlier performances could not be read.",
  meanwhile: "Asking yuragi ...",
  applied: (count: number) => `${count} notes.`,
  pressApply: "Ready: press Apply.",
  elsewhere: "The clip was edited meanwhile; nothing was written. Press Apply.",
  moved: "The selection has changed: press Apply.",
  noNotes: "Live hands out no notes: select some in a clip.",
  silent: "The generator wrote no notes: turn its dials.",
  standsIn: (why: string) => `Only a pulse. ${brief(why)}`,
} as const;

/** The line of a tool has room for one cure, not for what comes of it or for a second one. */
function brief(sentence: string): string {
  return sentence.replace(/, (?:then|or) [^,]*\.$/, ".");
}

/** What comes behind a semicolon says what to do, for which the line has no room. */
function withoutCure(sentence: string): string {
  return sentence.replace(/;.*$/, ".");
}

function named(name: string): string {
  return name === "" ? "without a name" : `"${name}"`;
}
