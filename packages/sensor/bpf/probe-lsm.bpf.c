/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* Allows everything; exists to find out whether this kernel lets a BPF LSM program attach. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

SEC("lsm/bprm_check_security")
int BPF_PROG(gc_probe_lsm, struct linux_binprm *bprm)
{
	return 0;
}

char _license[] SEC("license") = "Dual BSD/GPL";
