/** The parts of a call's screen; a phone shows one at a time. */
export const panes = ['facts', 'transcript', 'timeline'] as const;
export type Pane = (typeof panes)[number];

/** `?pane=`; the conversation is what people come for. */
export const readPane = (value: string | null): Pane => panes.find((pane) => pane === value) ?? 'transcript';
