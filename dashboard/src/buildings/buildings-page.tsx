export const BuildingsPage = () => null
