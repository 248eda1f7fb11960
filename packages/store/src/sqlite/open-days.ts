// A bounded number of open day files, least recently used closed first.

export interface OpenDays<Handle> {
  get(day: number): Handle;
  /** Closes it if it is open. */
  forget(day: number): void;
  forgetAll(): void;
}

export function createOpenDays<Handle>(
  most: number,
  open: (day: number) => Handle,
  close: (handle: Handle) => void,
): OpenDays<Handle> {
  // Insertion order is the order of use.
  const handles = new Map<number, Handle>();

  function forget(day: number): void {
    const handle = handles.get(day);
    handles.delete(day);
    if (handle !== undefined) close(handle);
  }

  return {
    get(day) {
      const handle = handles.get(day) ?? open(day);
      handles.delete(day);
      handles.set(day, handle);
      for (const oldest of handles.keys()) {
        if (handles.size <= most) break;
        forget(oldest);
      }
      return handle;
    },
    forget,
    forgetAll() {
      for (const day of handles.keys()) forget(day);
    },
  };
}
