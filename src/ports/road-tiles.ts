/** Roads to look at, cut into tiles of web Mercator (zoom, column, row). */
export interface RoadTiles {
  /** West, south, east, north in degrees; null for a map without a road. */
  bounds(): Promise<[number, number, number, number] | null>
  /** A Mapbox Vector Tile with the layer `roads`; without a byte where there is none. */
  tile(zoom: number, x: number, y: number): Promise<Uint8Array>
}
