// What the build puts in.

/** The languages that the widget has words for, put in by the build. */
declare const LOCALES: readonly string[];
