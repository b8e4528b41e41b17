// The package has no types of its own; these are the parts that units.ts uses.
declare module '@lhncbc/ucum-lhc' {
  interface UcumUtilities {
    convertUnitTo(from: string, value: number, to: string): { status: string; toVal: number | null }
  }
  const ucum: { UcumLhcUtils: { getInstance(): UcumUtilities } }
  export default ucum
}
