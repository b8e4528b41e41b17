import type { Command } from 'commander'
export function replay(_program: Command): void {}
