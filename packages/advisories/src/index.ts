// The whole public surface: vulnerability feeds and the database made from them.
export {};
