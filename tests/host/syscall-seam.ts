/** The system calls below the `convex` library's own code: the seam at which this host takes Convex's place. */
export interface Syscalls {
  syscall(operation: string, args: string): string;
  asyncSyscall(operation: string, args: string): Promise<string>;
  jsSyscall(operation: string, args: Record<string, unknown>): unknown;
}
