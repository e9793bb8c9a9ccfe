/** UTF-16 units beyond which a text is not read but called clinical. */
export const TEXT_UNITS_MAX = 20_000;
