/**
 * Know what Max may reach of an object in a version of Live.
 *
 * Source: EXPOSED_TYPE_PROPERTIES in _MxDCore/LomTypes.py of Live 12.0; for what came later, the
 * Live Object Model's pages and release notes. `automation_envelope`, `begin_undo_step` and their like never are in it.
 */

const DEVICE =
  "can_have_chains can_have_drum_pads canonical_parent class_display_name class_name is_active " +
  "name parameters type view";

const CHAIN =
  "canonical_parent color color_index delete_device devices has_audio_input has_audio_output " +
  "has_midi_input has_midi_output is_auto_colored mixer_device mute muted_via_solo name solo";

/** Names by type, for every version from 11.3. */
const EXPOSED: Readonly<Record<string, string>> = {
  Application:
    "control_surfaces get_bugfix_version get_document get_major_version get_minor_version " +
    "get_version_string open_dialog_count view",
  "Application.View":
    "available_main_views browse_mode canonical_parent focus_view focused_document_view hide_view " +
    "is_view_visible scroll_view show_view toggle_browse zoom_view",
  Song:
    "can_redo can_undo clip_trigger_quantization continue_playing create_midi_track create_scene " +
    "cue_points current_song_time delete_track duplicate_track file_path is_playing jump_by loop " +
    "loop_length loop_start master_track name overdub record_mode redo return_tracks root_note " +
    "scale_intervals scale_name scenes session_record signature_denominator signature_numerator " +
    "song_length start_playing start_time stop_all_clips stop_playing swing_amount tempo tracks " +
    "undo view visible_tracks",
  "Song.View":
    "canonical_parent detail_clip draw_mode follow_song highlighted_clip_slot select_device " +
    "selected_chain selected_parameter selected_scene selected_track",
  Track:
    "arm arrangement_clips can_be_armed can_be_frozen canonical_parent clip_slots color " +
    "color_index delete_clip delete_device devices duplicate_clip_slot " +
    "duplicate_clip_to_arrangement fired_slot_index group_track has_audio_input has_audio_output " +
    "has_midi_input has_midi_output is_foldable is_frozen is_grouped is_visible mixer_device mute " +
    "muted_via_solo name playing_slot_index solo stop_all_clips view",
  ClipSlot:
    "canonical_parent clip color color_index controls_other_clips create_clip delete_clip " +
    "duplicate_clip_to fire has_clip has_stop_button is_group_slot is_playing is_recording " +
    "is_triggered playing_status set_fire_button_state stop will_record_on_start",
  Clip:
    "add_new_notes apply_note_modifications canonical_parent clear_all_envelopes clear_envelope " +
    "color color_index crop deselect_all_notes duplicate_loop duplicate_notes_by_id " +
    "duplicate_region end_marker end_time file_path fire gain get_all_notes_extended get_notes " +
    "get_notes_by_id get_notes_extended get_selected_notes get_selected_notes_extended groove " +
    "has_envelopes has_groove is_arrangement_clip is_audio_clip is_midi_clip is_overdubbing " +
    "is_playing is_recording is_triggered launch_mode launch_quantization legato length loop_end " +
    "loop_start looping move_playing_pos muted name pitch_coarse playing_position position " +
    "quantize quantize_pitch ram_mode remove_notes remove_notes_by_id remove_notes_extended " +
    "replace_selected_notes sample_length scrub select_all_notes select_notes_by_id " +
    "set_fire_button_state set_notes signature_denominator signature_numerator start_marker " +
    "start_time stop stop_scrub velocity_amount view warp_mode warping will_record_on_start",
  Device: DEVICE,
  MaxDevice: `${DEVICE} get_bank_count get_bank_name get_bank_parameters midi_inputs midi_outputs`,
  RackDevice:
    `${DEVICE} add_macro can_show_chains chain_selector chains copy_pad drum_pads has_drum_pads ` +
    "has_macro_mappings is_showing_chains return_chains visible_drum_pads",
  DrumPad: "canonical_parent chains delete_all_chains mute name note solo",
  Chain: CHAIN,
  DrumChain: `${CHAIN} choke_group out_note`,
};

/** What came after 11.3: "type name" and the first version. */
const SINCE: Readonly<Record<string, string>> = {
  "Song scale_mode": "12.0.5",
  "Track create_midi_clip": "12.1.10",
  "Track take_lanes": "12.3.0",
  "Track insert_device": "12.3.0",
};

/** Say whether Max may reach the member, which need not be one that is modelled. */
export function isExposed(type: string, name: string, version: string): boolean {
  if (EXPOSED[type]?.split(" ").includes(name) === true) {
    return true;
  }
  const since = SINCE[`${type} ${name}`];
  return since !== undefined && compareVersions(version, since) >= 0;
}

/** Return a number above 0 if the first version is the newer one, below 0 if it is the older. */
export function compareVersions(first: string, second: string): number {
  const [a, b] = [numbers(first), numbers(second)];
  const difference = [0, 1, 2].map((index) => (a[index] ?? 0) - (b[index] ?? 0));
  return difference.find((part) => part !== 0) ?? 0;
}

/** Return the three numbers of a version such as "12.1.10". */
export function numbers(version: string): readonly number[] {
  const parts = version.split(".").map(Number);
  if (parts.length !== 3 || parts.some((part) => !Number.isInteger(part))) {
    throw new Error(`a version is three numbers such as 12.1.10, not "${version}"`);
  }
  return parts;
}
