import type { ComponentDefinition } from "convex/server";
import { defineComponent } from "convex/server";

const component: ComponentDefinition = defineComponent("betterAuth");

export default component;
