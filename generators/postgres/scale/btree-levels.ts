/**
 * A btree as high as a full one. The planner charges each descent by the level that the first page of the index names, and
 * may look for the lowest and highest key: so there is one page for each level, and the leaf is empty.
 * Layout of Postgres 12 to 18, little-endian, without checksums.
 */
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { pageBytes } from '../../planner/size-model.ts'

const header = 24
const special = pageBytes - 16
const leaf = 1
const root = 2
const firstOfContents = { rootPage: header + 8, rootLevel: header + 12, fastRoot: header + 16, fastLevel: header + 20 }
const magic = 0x05_31_62

/** Of an index without rows whose pages are not in the server's memory. Level 0: the root is a leaf. */
export async function raiseTree(dataDirectory: string, path: string, level: number): Promise<void> {
  const file = await open(join(dataDirectory, path), 'r+')
  try {
    const meta = Buffer.alloc(pageBytes)
    await file.read(meta, 0, pageBytes, 0)
    // Another layout: the index stays as low as it is.
    if (meta.readUInt32LE(header) !== magic) return
    for (const [place, value] of [[firstOfContents.rootPage, 1], [firstOfContents.fastRoot, 1], [firstOfContents.rootLevel, level], [firstOfContents.fastLevel, level]] as const) meta.writeUInt32LE(value, place)
    await file.write(Buffer.concat([meta, ...Array.from({ length: level + 1 }, (_page, place) => treePage(level - place, { isRoot: place === 0, child: place + 2 }))]), 0, undefined, 0)
  } finally {
    await file.close()
  }
}

/** A page above the leaves holds one entry, lower than every key, that leads to its child. */
function treePage(level: number, { isRoot, child }: { isRoot: boolean; child: number }): Buffer {
  const page = Buffer.alloc(pageBytes)
  const isLeaf = level === 0
  const entry = special - 8
  page.writeUInt16LE(isLeaf ? header : header + 4, 12)
  page.writeUInt16LE(isLeaf ? special : entry, 14)
  page.writeUInt16LE(special, 16)
  page.writeUInt16LE(pageBytes | 4, 18)
  if (!isLeaf) {
    page.writeUInt32LE((entry | (1 << 15) | (8 << 17)) >>> 0, header)
    page.writeUInt16LE(child, entry + 2)
    page.writeUInt16LE(8 | 0x20_00, entry + 6)
  }
  page.writeUInt32LE(level, special + 8)
  page.writeUInt16LE((isLeaf ? leaf : 0) | (isRoot ? root : 0), special + 12)
  return page
}
