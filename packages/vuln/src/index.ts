// The whole public surface: version orders, package URLs, matching, risk, VEX.
export {};
