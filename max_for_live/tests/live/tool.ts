/**
 * Simulate the apply cycle of Live's MIDI Tools, around live.miditool.in and live.miditool.out.
 *
 * Source: Max user guide, "Max for Live MIDI Tools"; Live 12 manual, "MIDI Tools".
 */

import type { Note } from "../../wire/note.ts";
import type { ClipState, SimClip } from "./clip.ts";
import type { NewNote } from "./contract.ts";
import { LiveError } from "./lom.ts";
import type { ToolContext } from "./tool_context.ts";
import { contextOf } from "./tool_context.ts";
import { isNewNotes } from "./tool_reply.ts";

export type Dictionary = Readonly<Record<string, unknown>>;

export interface ToolOptions {
  readonly kind: "transformation" | "generator";
  /** The clip in the detail view. */
  readonly clip: SimClip;
  /** Called with the context, then with the notes: the outlets speak from right to left. */
  readonly emit: (what: "context" | "notes", dictionary: Dictionary) => void;
  /** In beats of the clip; its loop by default. */
  readonly timeSelection?: readonly [number, number];
  /** Only where an empty spot is selected. */
  readonly insertMarker?: number;
  readonly grid?: { readonly interval: number; readonly enabled: 0 | 1 };
}

/** What a cycle goes back to at each bang. */
interface Cycle {
  readonly base: ClipState;
  readonly context: ToolContext;
  /** What the tool got, and what its answer replaces. */
  readonly notes: readonly Note[];
  readonly replaced: readonly Note[];
  hasStep: boolean;
}

/** A MIDI Tool of Live around a device. */
export interface MidiTool {
  /** Apply or Generate is pressed, or live.miditool.in got a bang: begin a cycle, or go on with it. */
  bang(): void;
  /** Take what live.miditool.out got; it must come while `emit` runs. */
  reply(dictionary: Dictionary): void;
  /** The user does something outside of the tool: the cycle ends. */
  userEdits(): void;
}

class ApplyCycle implements MidiTool {
  readonly #options: ToolOptions;
  #cycle: Cycle | undefined;
  #isAwaiting = false;
  #isOwn = false;

  constructor(options: ToolOptions) {
    this.#options = options;
    options.clip.world.history.listen(() => {
      this.#cycle = this.#isOwn ? this.#cycle : undefined;
    });
  }

  bang(): void {
    const cycle = this.#cycle ?? this.#begin();
    if (cycle === undefined) {
      return;
    }
    this.#cycle = cycle;
    this.#options.emit("context", structuredClone({ ...cycle.context }));
    this.#isAwaiting = true;
    this.#options.emit("notes", { notes: structuredClone(cycle.notes) });
    this.#requireReply();
  }

  reply(dictionary: Dictionary): void {
    const cycle = this.#cycle;
    if (!this.#isAwaiting || cycle === undefined) {
      this.#report("Received a Note dictionary asynchronously");
      return;
    }
    this.#isAwaiting = false;
    const notes = structuredClone(dictionary["notes"]);
    if (!isNewNotes(notes)) {
      this.#report("The Note dictionary is malformed: key missing");
      return;
    }
    this.#apply(cycle, notes);
  }

  userEdits(): void {
    this.#cycle = undefined;
  }

  /** Start from the clip as it is; a transformation of no notes does not. */
  #begin(): Cycle | undefined {
    const { clip, kind } = this.#options;
    const context = contextOf(this.#options);
    const inScope = notesInScope(clip, context);
    if (!clip.exists() || !clip.isMidi || (kind === "transformation" && inScope.length === 0)) {
      return undefined;
    }
    // whether a generator gets notes is not documented: none is what it must be able to work with
    const notes = kind === "transformation" ? inScope : [];
    return { base: clip.state, context, notes, replaced: inScope, hasStep: false };
  }

  /** Put a result in the place of the one before: a cycle is one step to undo. */
  #apply(cycle: Cycle, notes: readonly NewNote[]): void {
    const { clip } = this.#options;
    this.#isOwn = true;
    const write = (): void => {
      clip.state = cycle.base;
      replace(clip, cycle.replaced, notes);
    };
    try {
      if (cycle.hasStep) {
        write();
        clip.world.watch.check();
      } else {
        clip.world.change("device", `apply the ${this.#options.kind}`, write);
      }
      cycle.hasStep = true;
    } catch (error) {
      this.#refused(error);
    } finally {
      this.#isOwn = false;
    }
  }

  #requireReply(): void {
    if (this.#isAwaiting) {
      this.#report("Did not receive a Note dictionary in time");
    }
    this.#isAwaiting = false;
  }

  #refused(error: unknown): void {
    if (!(error instanceof LiveError)) {
      throw error;
    }
    this.#report(error.message);
  }

  #report(message: string): void {
    this.#options.clip.world.console.push(`live.miditool: ${message}`);
  }
}

/** Tests of Max put others in its place, so the type is not the class's. */
export const MidiTool: new (options: ToolOptions) => MidiTool = ApplyCycle;

/** Return the selected notes, or else all that start in the time selection. */
function notesInScope(
  clip: SimClip,
  { clip: { time_selection_start, time_selection_end } }: ToolContext,
) {
  const selected = clip.selectedNotes();
  const inTime = clip.notes().filter((note) => {
    return note.start_time >= time_selection_start && note.start_time < time_selection_end;
  });
  return selected.length > 0 ? selected : inTime;
}

/** Put notes in the place of others; a note with one of their ids stays that note. */
function replace(clip: SimClip, before: readonly Note[], after: readonly NewNote[]): void {
  const ids = new Set(before.map((note) => note.note_id));
  const kept = after.flatMap((note) => {
    return note.note_id !== undefined && ids.has(note.note_id)
      ? [{ ...note, note_id: note.note_id }]
      : [];
  });
  const keptIds = new Set(kept.map((note) => note.note_id));
  clip.remove([...ids].filter((id) => !keptIds.has(id)));
  clip.modify(kept);
  clip.add(after.filter((note) => note.note_id === undefined || !keptIds.has(note.note_id)));
}
