export type { Texts } from './en';
export { speak, speaks, t } from './speech.svelte';
