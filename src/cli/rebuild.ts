import type { Command } from 'commander'
export function rebuild(_program: Command): void {}
