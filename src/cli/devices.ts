import type { Command } from 'commander'
export function devices(_program: Command): void {}
