/**
 * A shell that is the server's parent and outlives us by a moment. Its stdin is a pipe from this process: when the pipe
 * closes, for whatever reason, it stops the server and removes the run directory. A word on the pipe asks for a clean
 * stop, so that the data directory can be kept.
 */
import { serverUser } from './server-user.ts'
import type { RunDirectory } from './run-directory.ts'

/** A constant: everything that differs comes as a positional argument. */
const script = `
run=$1 socket=$2
shift 2
exec 3<&0
"$@" </dev/null >"$run/log" 2>&1 3<&- &
server=$!
{ if read -r word; then kill -INT $server; else kill -QUIT $server; fi; } <&3 >/dev/null 2>&1 &
reader=$!
wait $server
kill $reader 2>/dev/null
trap '' PIPE
echo stopped 2>/dev/null
exec >/dev/null 2>&1
cat <&3
rm -rf -- "$run" "$socket"
`

/** The server's guardian. */
export interface Watchdog {
  /** Settles when the server process has ended. */
  readonly stopped: Promise<void>
  /** Stops the server cleanly and keeps its directory until `release`. */
  stopCleanly(): Promise<void>
  /** Stops the server at once and removes the directory. */
  release(): Promise<void>
}

/** Starts `command` under a watchdog. */
export async function startWatchdog(run: RunDirectory, command: readonly string[]): Promise<Watchdog> {
  const { shell, ended, hold } = await startShell(run, command)
  const stopped = new Promise<void>((resolve) => {
    shell.stdout.once('data', () => resolve())
    shell.once('exit', () => resolve())
  })
  return {
    stopped,
    async stopCleanly() {
      hold()
      shell.stdin.write('stop\n')
      await stopped
    },
    async release() {
      hold()
      shell.stdin.end()
      await ended
    },
  }
}

async function startShell(run: RunDirectory, command: readonly string[]) {
  const { execa } = await import('execa')
  const shell = execa('/bin/sh', ['-c', script, 'trr-db-server', run.path, run.socket, ...command], {
    ...serverUser(),
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'ignore',
    buffer: false,
    reject: false,
    // Its own session: Ctrl-C in the terminal reaches us, and the shell through the pipe.
    detached: true,
    cleanup: false,
    cwd: run.path,
    extendEnv: false,
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
  })
  shell.stdin.on('error', () => undefined)
  const handles = [shell, shell.stdin, shell.stdout] as unknown as { ref?(): void; unref?(): void }[]
  // A server that nobody stops must not keep this process alive; one that is being stopped must.
  for (const handle of handles) handle.unref?.()
  const hold = () => handles.forEach((handle) => handle.ref?.())
  return { shell, ended: shell.then(() => undefined), hold }
}
