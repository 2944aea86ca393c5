// Markup for all views. Values become text nodes and attributes, never markup.
import { h } from "../vendor/preact.mjs";
import htm from "../vendor/htm.mjs";

export const html = htm.bind(h);
