/** Mermaid's own parser, which cleans the texts of charts with the help of a DOM. */
import { Window } from 'happy-dom'

const window = new Window()
Object.assign(globalThis, { window, document: window.document })
for (const name of ['Element', 'DocumentFragment', 'HTMLTemplateElement', 'Node', 'NodeFilter', 'NamedNodeMap', 'HTMLFormElement', 'DOMParser'] as const) Object.assign(globalThis, { [name]: window[name] })

export const { default: mermaid } = await import('mermaid')
