/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* The kernel side of the sensor: one object made of the parts below, see README.md beside it. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_tracing.h>
#include "events.h"
#include "maps.h"
#include "record.h"
#include "paths.h"
#include "task.h"
#include "descriptor.h"
#include "touched.h"
#include "open.h"
#include "calls.h"
#include "process.h"

/* Keeps types that no program names in the BTF, for the layout generator. */
enum gc_kind gc_keep_kind = 0;
enum gc_flag gc_keep_flag = 0;
enum gc_spec_flag gc_keep_spec_flag = 0;
enum gc_layer gc_keep_layer = 0;
enum gc_touched gc_keep_touched = 0;
enum gc_descriptor_kind gc_keep_descriptor_kind = 0;
struct gc_process gc_keep_process = {};
struct gc_descriptor gc_keep_descriptor = {};

char _license[] SEC("license") = "Dual BSD/GPL";
