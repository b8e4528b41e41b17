import type { Command } from 'commander'
export function quarantine(_program: Command): void {}
