// Discovery and metadata of containers: the public surface.
export { type Inventory, type InventoryOptions, openInventory } from './inventory.ts';
export type { RuntimeControl } from './runtime-plugin.ts';
