import { type Html, html } from "#shared/domain/html.ts";

const open = html`<svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">`;
const icon = (shape: Html): Html => html`${open}${shape}</svg>`;

/** The pages' few signs; each stands beside its word. */
export const ICONS = {
  phone: icon(
    html`<path d="M5 4h4l2 5-2.5 1.5a11 11 0 0 0 5 5L15 13l5 2v4a1 1 0 0 1-1 1A15 15 0 0 1 4 5a1 1 0 0 1 1-1z"/>`,
  ),
  print: icon(html`<path d="M7 9V3h10v6M7 17H4v-7h16v7h-3"/><path d="M7 14h10v7H7z"/>`),
  settings: icon(
    html`<path d="M4 7h8m4 0h4M4 17h4m4 0h8"/><circle cx="14" cy="7" r="2"/><circle cx="10" cy="17" r="2"/>`,
  ),
  lock: icon(html`<rect x="5" y="11" width="14" height="9" rx="2"/><path d="M8 11V7a4 4 0 0 1 8 0v4"/>`),
  leave: icon(html`<path d="M6 6l12 12M18 6 6 18"/>`),
  photo: icon(
    html`<rect x="3" y="5" width="18" height="14" rx="2"/><circle cx="9" cy="10" r="1.5"/><path d="m21 16-5-5-8 8"/>`,
  ),
  pdf: icon(
    html`<path d="M14 3H7a1 1 0 0 0-1 1v16a1 1 0 0 0 1 1h10a1 1 0 0 0 1-1V7z"/><path d="M14 3v4h4M9 13h6M9 17h4"/>`,
  ),
  attach: icon(
    html`<path d="m20 11-8.5 8.5a5 5 0 0 1-7-7L13 4a3.3 3.3 0 0 1 4.7 4.7L9.3 17a1.7 1.7 0 0 1-2.4-2.4L14 7.5"/>`,
  ),
  send: icon(html`<path d="M4 12 20 4l-5 16-3-7z"/>`),
  new: icon(html`<path d="M20 12a8 8 0 1 1-2.3-5.6L20 8.5M20 4v4.5h-4.5"/>`),
} as const;
