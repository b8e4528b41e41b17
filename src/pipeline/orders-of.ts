import type { WorkOrder } from '../core/maintenance/work-order.ts'
import type { WorkOrders } from '../ports/work-orders.ts'

const PAGE = 1000

/** Every order of a status, ascending by id. */
export async function ordersOf(
  orders: Pick<WorkOrders, 'list'>,
  status: WorkOrder['status'],
): Promise<WorkOrder[]> {
  const found: WorkOrder[] = []
  for (let cursor: string | undefined; ;) {
    const page = await orders.list({ status, limit: PAGE, ...(cursor !== undefined && { cursor }) })
    for (const order of page) found.push(order)
    if (page.length < PAGE) return found
    cursor = page.at(-1)!.id
  }
}
