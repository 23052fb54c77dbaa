import Testing

@testable import Reports

/// The audit as JSON, as it is.
@Suite struct GoldenAuditJSONTests {
    @Test func document() {
        #expect(AuditJSONReport(tool: tool).render(audit: sampleAudit()) == Self.expected)
    }

    private static let expected = #"""
        {
          "schemaVersion": 1,
          "tool": {
            "name": "xenwidth",
            "version": "1.2.3"
          },
          "tree": {
            "version": "4.23-unstable",
            "architecture": "arm64",
            "revision": "c447b7308b1330ec6dcfef37220736c28f41daa0"
          },
          "rows": [
            {
              "hypercall": "memory_op",
              "handler": "do_memory_op",
              "returnType": "long",
              "subOperation": "XENMEM_maximum_ram_page",
              "guest": "arm32",
              "verdict": "exceeds-32-bit",
              "range": {
                "min": "0",
                "max": "18446744073709551615"
              },
              "location": {
                "file": "xen/common/memory.c",
                "line": 1646,
                "column": 9
              },
              "evidence": [
                {
                  "file": "xen/common/page_alloc.c",
                  "line": 52,
                  "column": 15,
                  "message": "'max_page' is a global of type 'unsigned long': [0, 0xffffffffffffffff]"
                },
                {
                  "file": "xen/common/memory.c",
                  "line": 1646,
                  "column": 14,
                  "message": "converted to 'long' and assigned to 'rc'"
                },
                {
                  "file": "xen/common/memory.c",
                  "line": 2050,
                  "column": 5,
                  "message": "returned to the guest"
                }
              ],
              "narrowings": [],
              "reason": null,
              "explanation": null,
              "slots": [
                {
                  "name": "r0",
                  "width": 32,
                  "cut": true
                },
                {
                  "name": "multicall",
                  "width": 64,
                  "cut": false
                }
              ]
            },
            {
              "hypercall": "memory_op",
              "handler": "do_memory_op",
              "returnType": "long",
              "subOperation": "XENMEM_add_to_physmap",
              "guest": "arm32",
              "verdict": "fits-int",
              "range": {
                "min": "-4095",
                "max": "0"
              },
              "location": {
                "file": "xen/common/memory.c",
                "line": 1731,
                "column": 9
              },
              "evidence": [],
              "narrowings": [],
              "reason": null,
              "explanation": "every return is 0 or -errno",
              "slots": []
            },
            {
              "hypercall": "memory_op",
              "handler": "do_memory_op",
              "returnType": "long",
              "subOperation": null,
              "guest": "arm32",
              "verdict": "unknown",
              "range": null,
              "location": {
                "file": "xen/common/memory.c",
                "line": 2060,
                "column": 9
              },
              "evidence": [],
              "narrowings": [],
              "reason": "arch_memory_op() was not parsed",
              "explanation": null,
              "slots": []
            },
            {
              "hypercall": "memory_op",
              "handler": "do_argo_op",
              "returnType": "long",
              "subOperation": "ARGO_count",
              "guest": "arm32",
              "verdict": "exceeds-32-bit",
              "range": {
                "min": "0",
                "max": "70000"
              },
              "location": {
                "file": "xen/common/argo.c",
                "line": 90,
                "column": 9
              },
              "evidence": [],
              "narrowings": [
                {
                  "file": "xen/common/argo.c",
                  "line": 77,
                  "column": 16,
                  "from": "unsigned int",
                  "to": "unsigned short",
                  "range": {
                    "min": "0",
                    "max": "70000"
                  },
                  "function": "count_rings"
                }
              ],
              "reason": null,
              "explanation": null,
              "slots": []
            }
          ],
          "unsupported": {
            "asm goto": 2,
            "unused": 0
          },
          "parseErrors": [
            {
              "file": "xen/common/broken.c",
              "line": 3,
              "column": 1,
              "message": "expected ';'"
            }
          ],
          "summary": {
            "fits-int": 1,
            "fits-unsigned": 0,
            "errno-ambiguous": 0,
            "exceeds-32-bit": 2,
            "continuation": 0,
            "register-restore": 0,
            "unknown": 1
          }
        }

        """#
}
