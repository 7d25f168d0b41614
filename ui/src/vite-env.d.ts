/// <reference types="vite/client" />
declare module '*.po' {
  import type { Messages } from '@lingui/core';
  export const messages: Messages;
}
declare module '*.css';
declare module '@fontsource-variable/*';
declare module 'virtual:licences' {
  export type Part = { name: string; version: string; licence: string; text: string };
  export const parts: Part[];
}
