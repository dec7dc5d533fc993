"use client";
export { Status } from "@shared/status";
