/** Simulate a clip, of the Session or of the Arrangement. */

import type { Note } from "../../wire/note.ts";
import { clipMembers } from "./clip_member.ts";
import type { ClipOptions, NewNote } from "./contract.ts";
import type { LomObject, Members } from "./lom.ts";
import { LiveError } from "./lom.ts";
import type { Modification } from "./notes.ts";
import { addNotes, modifyNotes, notesById, removeNotes } from "./notes.ts";
import type { Course } from "./position.ts";
import { positionAfter } from "./position.ts";
import type { World } from "./world.ts";

/** What undo takes back. */
export interface ClipState extends Course {
  readonly name: string;
  readonly notes: readonly Note[];
  readonly signature: readonly [number, number];
  readonly muted: boolean;
  /** In the Arrangement, in beats of the song. */
  readonly start: number;
  readonly end: number;
}

/** Where a clip lies: a slot of the Session, or a track's Arrangement. */
export interface Home extends LomObject {
  /** Say where in it the clip is, such as "clip"; nothing if it is not. */
  placeOf(clip: SimClip): string | undefined;
  /** Beats since it began to play; nothing if it does not play. */
  elapsed(clip: SimClip): number | undefined;
  isTriggered(clip: SimClip): boolean;
  isFrozen(): boolean;
  launch(clip: SimClip): void;
  stopPlaying(): void;
}

/** A clip of the Arrangement says where it lies, in beats of the song. */
export type Layout = ClipOptions & { readonly start?: number; readonly end?: number };

/** What a user does inside a clip. */
export interface Edit {
  add(notes: readonly NewNote[]): readonly number[];
  change(notes: readonly Modification[]): void;
  remove(ids: readonly number[]): void;
  /** Set a property of the clip, such as loop_end. */
  set(property: string, value: unknown): void;
}

export class SimClip implements LomObject {
  readonly type = "Clip";
  readonly id: string;
  readonly members: Members;
  readonly world: World;
  readonly parent: Home;
  readonly isMidi: boolean;
  readonly isArrangement: boolean;
  /** Whether it is being recorded; for the test to set. */
  isRecording = false;
  state: ClipState;
  #selected: ReadonlySet<number> = new Set();
  #lastNoteId = 0;

  constructor(world: World, home: Home, options: Layout) {
    this.id = world.register(this);
    this.world = world;
    this.parent = home;
    this.isMidi = options.is_midi_clip ?? true;
    this.isArrangement = options.start !== undefined;
    this.state = initial(options);
    this.add(options.notes ?? []);
    this.members = clipMembers(this);
    world.history.keep(() => {
      const { state } = this;
      return () => {
        this.state = state;
      };
    });
  }

  /** Return all notes in the order of time. */
  notes(): Note[] {
    return [...this.state.notes];
  }

  /** Return the notes that are selected. */
  selectedNotes(): Note[] {
    return this.state.notes.filter((note) => this.#selected.has(note.note_id));
  }

  /** Do what a user does: one step to undo, which is not the device's. */
  edit(action: (edit: Edit) => void): void {
    this.world.change("user", "edit the clip", () => {
      action({
        add: (notes) => this.add(notes),
        change: (notes) => {
          this.modify(notes);
        },
        remove: (ids) => {
          this.remove(ids);
        },
        set: (property, value) => {
          this.#set(property, value);
        },
      });
    });
  }

  /** Select these notes and no others; no step to undo. */
  selectNotes(ids: readonly number[]): void {
    notesById(this.state.notes, ids);
    this.#selected = new Set(ids);
    this.world.history.touch();
  }

  /** Click the clip's launch button. */
  launch(): void {
    this.parent.launch(this);
    this.world.watch.check();
  }

  get isPlaying(): boolean {
    return this.parent.elapsed(this) !== undefined;
  }

  /** Where it is in its own time, in beats; the start marker while it does not play. */
  get playingPosition(): number {
    return positionAfter(this.state, this.parent.elapsed(this) ?? 0);
  }

  /** Set some of the state; the loop and the markers must stay the right way round. */
  update(changes: Partial<ClipState>): void {
    const state = { ...this.state, ...changes };
    // Source: Live Object Model, Clip: loop and markers "cannot be set" behind or before another
    if (state.loop_start >= state.loop_end || state.start_marker >= state.end_marker) {
      throw new LiveError("Invalid arguments: a clip cannot end before it starts");
    }
    this.state = state;
  }

  /** Add notes; the ids are new ones. */
  add(notes: readonly NewNote[]): readonly number[] {
    const result = addNotes(this.state.notes, notes, () => (this.#lastNoteId += 1));
    this.update({ notes: result.notes });
    return result.ids;
  }

  modify(changes: readonly Modification[]): void {
    this.update({ notes: modifyNotes(this.state.notes, changes) });
  }

  remove(ids: readonly number[]): void {
    this.update({ notes: removeNotes(this.state.notes, ids) });
  }

  place(): string {
    return this.parent.placeOf(this) ?? "";
  }

  exists(): boolean {
    return this.parent.exists() && this.parent.placeOf(this) !== undefined;
  }

  #set(property: string, value: unknown): void {
    const member = this.members[property];
    if (member?.kind !== "property" || member.set === undefined) {
      throw new Error(`a clip has no property ${property} that can be set`);
    }
    member.set(value);
  }
}

const DEFAULTS = { name: "", signature: [4, 4], muted: false, looping: true, start: 0 } as const;

function initial(options: Layout): ClipState {
  const { name, signature, muted, looping, start } = { ...DEFAULTS, ...options };
  const course = courseOf(options);
  const end = options.end ?? start + course.loop_end - course.start_marker;
  return { ...course, name, signature, muted, looping, start, end, notes: [] };
}

/** Return the loop and the markers, one from the other where they are left out. */
function courseOf(options: Layout): Omit<Course, "looping"> {
  const loop_start = options.loop_start ?? options.start_marker ?? 0;
  const length = options.length ?? 4;
  const loop_end = options.loop_end ?? options.end_marker ?? loop_start + length;
  const { start_marker = loop_start, end_marker = loop_end } = options;
  return { loop_start, loop_end, start_marker, end_marker };
}
