// The whole public surface: finding secrets in text.
export {};
