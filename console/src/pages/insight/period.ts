/** The days that Insight looks back upon. */
export const periods = ['1', '7', '30'] as const;
export type Period = (typeof periods)[number];
