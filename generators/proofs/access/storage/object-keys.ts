/** Objects under test: at home, elsewhere, and under keys that somebody might try. */
import { type ObjectFacts, type StoredObject, objectFacts } from '../../../design/object-facts.ts'
import type { FileSpec } from '../../../design/spec.ts'
import { seededUuid } from '../../fixtures/seeded.ts'
import type { World } from '../world.ts'

export interface TestObject extends StoredObject {
  id: string
  title: string
  facts: ObjectFacts
}

/** A bucket that no policy of the design speaks of. */
export const otherBucket = 'trr-db-other'

type Place = Pick<TestObject, 'id' | 'title' | 'name'> & { bucket?: string; owner?: string | null }

/** What lies in the store before anybody asks. */
export function storedObjects(file: FileSpec, world: World): TestObject[] {
  const homes = homesOf(file, world)
  const [home] = homes
  return [
    ...homes.map((place) => ({ ...place, name: `${place.folder}/${row(file, place.id)}/first.bin` })),
    ...(home ? [{ id: 'back', title: `object of ${home.whose} under a way back`, name: `${home.folder}/${row(file, 'back')}/../first.bin`, owner: home.owner ?? null }] : []),
    ...(home ? [{ id: 'out_of_layout', title: `object in the folder of ${home.whose} that names no row`, name: `${home.folder}/no-row/first.bin`, owner: home.owner ?? null }] : []),
    ...oddPlaces(file, homes, 'stored.bin'),
  ].map((place) => objectAt(file, world, place))
}

/** What somebody might upload as `owner`, one of each kind. */
export function newObjects(file: FileSpec, world: World, owner: string | null): TestObject[] {
  const homes = homesOf(file, world)
  const places: Place[] = [
    ...oneOfEachFolder(homes).map((place) => ({ id: `new:${place.id}`, title: `new object in the folder of ${place.whose}`, name: `${place.folder}/${row(file, 'new')}/new.bin` })),
    ...homes.slice(0, 1).flatMap((place): Place[] => [
      { id: 'new:no_row', title: `new object of ${place.whose} without a row`, name: `${place.folder}/new.bin` },
      { id: 'new:wrong_row', title: `new object of ${place.whose} under something that is no row`, name: `${place.folder}/no-row/new.bin` },
      { id: 'new:back', title: `new object of ${place.whose} under a way back`, name: `${place.folder}/${row(file, 'new')}/../new.bin` },
      { id: 'new:empty', title: `new object of ${place.whose} under an empty folder`, name: `${place.folder}/${row(file, 'new')}//new.bin` },
      { id: 'new:deleted_owner', title: `new object of ${place.whose} that belongs to somebody else`, name: `${place.folder}/${row(file, 'new')}/others.bin`, owner: seededUuid('nobody at all') },
    ]),
    ...oddPlaces(file, homes, 'new.bin').map((place) => ({ ...place, id: `new:${place.id}`, title: `new ${place.title}` })),
  ]
  return places.map((place) => objectAt(file, world, { ...place, owner: place.owner === undefined ? owner : place.owner }))
}

interface Home extends Place {
  folder: string
  whose: string
}

/** Where the first folder is the tenant: an object in each, and where it matters who uploaded it, one of each owner. */
function homesOf({ objects }: FileSpec, world: World): Home[] {
  if (objects?.scope === 'tenant') {
    const title = (key: string | null) => world.tenants.find((tenant) => tenant.key === key)?.title ?? 'nobody'
    const isOwned = Object.values(objects.access).some(({ own, any }) => JSON.stringify(own) !== JSON.stringify(any))
    return [
      ...(isOwned ? world.owners : []).flatMap(({ identity, tenant }): Home[] => (tenant === null ? [] : [{ id: `of:${identity.id}`, title: `object of ${identity.title}`, name: '', folder: tenant, whose: title(tenant), owner: identity.caller.userId }])),
      ...world.tenants.map((tenant): Home => ({ id: `in:${tenant.id}`, title: `object of ${tenant.title} without an owner`, name: '', folder: tenant.key, whose: tenant.title, owner: null })),
    ]
  }
  return world.owners.map(({ identity }): Home => ({ id: `of:${identity.id}`, title: `object of ${identity.title}`, name: '', folder: objects?.scope === 'owner' ? (identity.caller.userId ?? '') : 'shared', whose: identity.title, owner: identity.caller.userId }))
}

/** Folders that a key could be moved into, each with a row. */
export function foldersOf(file: FileSpec, world: World): { id: string; title: string; folder: string }[] {
  return oneOfEachFolder(homesOf(file, world)).map(({ id, whose, folder }) => ({ id, title: `the folder of ${whose}`, folder: objectAt(file, world, { id, title: '', name: `${folder}/${row(file, 'moved')}` }).name }))
}

function oneOfEachFolder(homes: readonly Home[]): Home[] {
  return homes.filter(({ folder }, place) => homes.findIndex((other) => other.folder === folder) === place)
}

/** Keys that look like a folder of somebody and are not, and another bucket. */
function oddPlaces(file: FileSpec, homes: readonly Home[], last: string): Place[] {
  const folders = oneOfEachFolder(homes)
  const [home, other] = [folders[0], folders[1]]
  if (!home) return []
  const rest = `${row(file, 'odd')}/${last}`
  return [
    { id: 'no_folder', title: 'object without a folder', name: last },
    { id: 'other_bucket', title: 'object in another bucket', name: `${home.folder}/${rest}`, bucket: otherBucket, owner: home.owner ?? null },
    ...(home.folder.toUpperCase() === home.folder ? [] : [{ id: 'upper_case', title: `object under the name of ${home.whose} in capitals`, name: `${home.folder.toUpperCase()}/${rest}` }]),
    { id: 'prefix', title: `object under the beginning of the name of ${home.whose}`, name: `${home.folder.slice(0, -1)}/${rest}` },
    { id: 'way_back', title: `object under a way back to ${home.whose}`, name: `../${home.folder}/${rest}` },
    { id: 'empty_first', title: `object under an empty folder before ${home.whose}`, name: `/${home.folder}/${rest}` },
    ...(other ? [{ id: 'through', title: `object under ${other.whose} with a way back to ${home.whose}`, name: `${other.folder}/../${home.folder}/${rest}` }] : []),
  ]
}

/** Of this file alone: objects of several lie in the bucket that is nobody's. */
function row({ name, objects }: FileSpec, id: string): string {
  const uuid = seededUuid(`row ${name} ${id}`)
  return objects?.folders.at(-1)?.startsWith('[0-9a-f]') ? uuid : String(Number.parseInt(uuid.slice(0, 8), 16))
}

function objectAt(file: FileSpec, world: World, { id, title, name, bucket = file.bucket, owner = null }: Place): TestObject {
  const deleted = new Set(world.tenants.filter((tenant) => tenant.deleted).map(({ key }) => key))
  const path = file.objects?.scope === 'row' ? name.replace(/^shared\//, '') : name
  return { id, title, bucket, name: path, owner, facts: objectFacts({ bucket, name: path, owner }, file, deleted) }
}
