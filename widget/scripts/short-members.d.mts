export function shortMembers(root: string): Map<string, string>;
