#!/usr/bin/env node
// Plain JavaScript, so that a Node too old for the rest can still read it and hand over to the one that npm installed.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import module from 'node:module'
import { fileURLToPath } from 'node:url'

const LEAST_NODE = 24

if (Number(process.versions.node.split('.', 1)[0]) >= LEAST_NODE) {
  // Compiled once and kept: half of what a short command costs is stripping types and parsing. Threads read the variable.
  process.env['NODE_COMPILE_CACHE'] ??= fileURLToPath(new URL('../node_modules/.cache/node', import.meta.url))
  module.enableCompileCache(process.env['NODE_COMPILE_CACHE'])
  if (process.channel) {
    // Whoever handed over has been killed, and could not pass that on.
    process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
    process.channel.unref()
  }
  const { runProgram } = await import('../src/cli/program.ts')
  process.exitCode = await runProgram(process.argv.slice(2))
  // A thread that a failed command left behind must not keep the process.
  setTimeout(() => process.exit(), 3000).unref()
} else {
  const installed = fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url))
  if (existsSync(installed)) handOver(installed)
  else {
    console.error(
      `telltale: this is Node ${process.versions.node}, it needs ${LEAST_NODE}; run npm ci, then go through npx or npm`,
    )
    process.exitCode = 1
  }
}

/** @param {string} node */
function handOver(node) {
  const child = spawn(node, process.argv.slice(1), { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] })
  // A terminal sends its interrupt to the child as well; a signal by kill reaches this process only.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'))
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  process.on('SIGHUP', () => child.kill('SIGHUP'))
  child.on('exit', (code, signal) => (process.exitCode = signal ? 1 : (code ?? 1)))
}
