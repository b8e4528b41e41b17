import type { Command } from 'commander'
export function query(_program: Command): void {}
