import type { WorkOrder } from '../core/maintenance/work-order.ts'

export interface WorkOrderQuery {
  thing?: string
  status?: WorkOrder['status']
  /** Order id to go on after. */
  cursor?: string
  limit: number
}

/** The orders of mechanics. They are never deleted: closed ones are the labels that models learn from. */
export interface WorkOrders {
  /** Stores a new order; one whose id is known changes nothing. */
  open(order: WorkOrder): Promise<void>
  /** Replaces the order only if it still has the given status; false if someone else was first. */
  move(order: WorkOrder, from: WorkOrder['status']): Promise<boolean>
  get(id: string): Promise<WorkOrder | null>
  /** Ascending by id. */
  list(query: WorkOrderQuery): Promise<WorkOrder[]>
}
