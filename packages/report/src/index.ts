// The whole public surface: the formats that scans are written in and SBOMs are read from.
export {};
