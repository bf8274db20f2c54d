/** Follow a clip that plays: where in its own time it is, and when it ends. */

/** What of a clip decides that; for a clip without loop the markers alone do. */
export interface Course {
  readonly looping: boolean;
  readonly loop_start: number;
  readonly loop_end: number;
  readonly start_marker: number;
  readonly end_marker: number;
}

/**
 * Return the clip time, in beats, after so many beats of playing.
 *
 * It begins at the start marker, runs to the loop's end and goes round from there; a start marker
 * behind the loop never comes into it. After a jump to before the launch, it goes round backwards.
 */
export function positionAfter(course: Course, elapsed: number): number {
  const { looping, loop_start, loop_end, start_marker } = course;
  const straight = start_marker + elapsed;
  const isOutside = elapsed >= 0 && straight < loop_end;
  if (!looping || isOutside || start_marker >= loop_end) {
    return straight;
  }
  const length = loop_end - loop_start;
  const round = (straight - loop_start) % length;
  return loop_start + (round < 0 ? round + length : round);
}

/** Say whether a clip without loop has come to its end. */
export function isOver(course: Course, elapsed: number): boolean {
  return !course.looping && course.start_marker + elapsed >= course.end_marker;
}
