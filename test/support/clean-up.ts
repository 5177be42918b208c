/** Runs for every test file: what the files of a worker share is loaded once. */
import { afterAll } from 'vitest'
import { removeFolders } from './sample-repository.ts'
import { dropDatabases } from './sample-server.ts'

afterAll(async () => {
  removeFolders()
  await dropDatabases()
})
