/**
 * Coefficients of the occupancy experts, one for each set of sensors that a room may have. Made by
 * `telltale occupancy TRAINING --train` from the UCI 357 training set (CC BY 4.0, L. Candanedo 2016).
 */
export const occupancyWeights = {
  lampAndAir: [-2.429, 4.769, 0.781],
  lamp: [-2.415, 4.755],
  air: [-4.579, 1.675, 4.411, 4.129, 1.888],
}
