/** Simulate the application: its version, and which of its two views is in front. */

import type { LomObject, Members } from "./lom.ts";
import { child, fixed, observed, reads } from "./lom.ts";
import type { SimSong } from "./song.ts";
import { numbers } from "./whitelist.ts";
import type { World } from "./world.ts";

export class SimApplication implements LomObject {
  readonly type = "Application";
  readonly id: string;
  readonly parent = undefined;
  readonly members: Members;
  readonly view: SimApplicationView;

  constructor(world: World, song: SimSong) {
    const [major, minor, bugfix] = numbers(world.version);
    this.id = world.register(this);
    this.view = new SimApplicationView(world, this);
    this.members = {
      get_major_version: reads(() => major),
      get_minor_version: reads(() => minor),
      get_bugfix_version: reads(() => bugfix),
      get_version_string: reads(() => world.version),
      get_document: reads(() => song),
      open_dialog_count: fixed(() => 0),
      view: child(() => this.view),
    };
  }

  place(): string {
    return "live_app";
  }

  exists(): boolean {
    return true;
  }
}

/** The two ways to look at a set, as Live calls them. */
export type DocumentView = "Session" | "Arranger";

export class SimApplicationView implements LomObject {
  readonly type = "Application.View";
  readonly id: string;
  readonly parent: SimApplication;
  readonly members: Members;
  /** Source: Live Object Model, Application.View. */
  focused: DocumentView = "Session";

  constructor(world: World, parent: SimApplication) {
    this.id = world.register(this);
    this.parent = parent;
    this.members = {
      canonical_parent: child(() => parent),
      focused_document_view: observed(() => this.focused),
    };
  }

  place(): string {
    return "view";
  }

  exists(): boolean {
    return true;
  }
}
