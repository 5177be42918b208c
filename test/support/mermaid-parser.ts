/** Mermaid's own parser, which cleans the texts of charts with the help of a DOM. */
import { Window } from 'happy-dom'

const window = new Window()
const names = ['Element', 'DocumentFragment', 'HTMLTemplateElement', 'Node', 'NodeFilter', 'NamedNodeMap', 'HTMLFormElement', 'DOMParser'] as const
const dom = { window, document: window.document, ...Object.fromEntries(names.map((name) => [name, window[name]])) }

// There while it loads, and no longer: other libraries would take themselves for a browser's.
Object.assign(globalThis, dom)
export const { default: mermaid } = await import('mermaid')
for (const name of Object.keys(dom)) Reflect.deleteProperty(globalThis, name)
