/** List every object of Max that is simulated: what is not here, no device may use. */

import { Control, Label } from "./control_objects.ts";
import { deferlow, MessageBox, pack, Pipe, prepend, route, trigger } from "./flow_objects.ts";
import { Banks, Pattr, ThisDevice, ToolIn, ToolOut } from "./live_objects.ts";
import { MidiFormat, MidiIn, MidiOut } from "./midi_objects.ts";
import { NodeScript } from "./node_object.ts";
import { Script } from "./script_object.ts";
import type { MaxObject, Place } from "./surroundings.ts";

type Make = (place: Place) => MaxObject;

const control: Make = (place) => new Control(place);
const label: Make = (place) => new Label(place);

/** How to make the object of a box, by the box's kind. */
export const KINDS: Readonly<Record<string, Make>> = {
  midiin: (place) => new MidiIn(place),
  midiout: (place) => new MidiOut(place),
  midiformat: (place) => new MidiFormat(place),
  deferlow,
  prepend,
  route,
  t: trigger,
  trigger,
  pipe: (place) => new Pipe(place),
  pack,
  message: (place) => new MessageBox(place),
  v8: (place) => new Script(place),
  "node.script": (place) => new NodeScript(place),
  pattr: (place) => new Pattr(place),
  "live.thisdevice": (place) => new ThisDevice(place),
  "live.banks": (place) => new Banks(place),
  "live.miditool.in": (place) => new ToolIn(place),
  "live.miditool.out": (place) => new ToolOut(place),
  "live.dial": control,
  "live.numbox": control,
  "live.menu": control,
  "live.tab": control,
  "live.text": control,
  "live.toggle": control,
  comment: label,
  "live.comment": label,
  "live.line": label,
  panel: label,
};
