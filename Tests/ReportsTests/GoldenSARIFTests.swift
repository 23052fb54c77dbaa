import Foundation
import ProgramModel
import Rules
import Testing
import ValueAnalysis

@testable import Reports

/// The findings as SARIF: one log as it is, and what the options add.
@Suite struct GoldenSARIFTests {
    @Test func log() throws {
        let log = SARIFReport(tool: tool).render(findings: try sampleFindings(), audit: sampleAudit(), rules: [])
        #expect(log == Self.expected)
    }

    private func run(_ options: SARIFOptions) throws -> [String: Any] {
        let log = SARIFReport(tool: tool, options: options).render(
            findings: try sampleFindings(), audit: sampleAudit(), rules: try bundledPack().rules)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(log.utf8)) as? [String: Any])
        return try #require((object["runs"] as? [[String: Any]])?.first)
    }

    @Test func rulesAndWeaknesses() throws {
        let run = try run(SARIFOptions(helpBaseURI: "https://example.org/rules/"))
        let driver = try #require((run["tool"] as? [String: Any])?["driver"] as? [String: Any])
        let rules = try #require(driver["rules"] as? [[String: Any]])
        for result in try #require(run["results"] as? [[String: Any]]) {
            let index = try #require(result["ruleIndex"] as? Int)
            #expect(rules[index]["id"] as? String == result["ruleId"] as? String)
        }
        let rule = try #require(rules.first { $0["id"] as? String == "return-exceeds-32-bit" })
        #expect(rule["helpUri"] as? String == "https://example.org/rules/return-exceeds-32-bit.md")
        #expect((rule["help"] as? [String: Any])?["markdown"] as? String != nil)
        let properties = try #require(rule["properties"] as? [String: Any])
        #expect(properties["tags"] as? [String] == ["correctness", "security", "external/cwe/cwe-681"])
        #expect(properties["security-severity"] as? String == "5.3")
        let taxa = (run["taxonomies"] as? [[String: Any]])?.first?["taxa"] as? [[String: Any]]
        #expect(taxa?.compactMap { $0["id"] as? String } == ["194", "196", "197", "394", "681", "686"])
    }

    /// Nothing of the machine is in the log unless it is given.
    @Test func provenanceAndRootAreOptional() throws {
        let bare = try run(SARIFOptions())
        #expect(bare["versionControlProvenance"] == nil)
        #expect(((bare["originalUriBaseIds"] as? [String: Any])?["SRCROOT"] as? [String: Any])?["uri"] == nil)
        let full = try run(SARIFOptions(
            sourceRoot: "file:///src/xen", repositoryURI: "https://example.org/xen.git", branch: "master",
            isSuccessful: false))
        let provenance = try #require((full["versionControlProvenance"] as? [[String: Any]])?.first)
        #expect(provenance["revisionId"] as? String == sampleAudit().tree.revision)
        #expect(provenance["branch"] as? String == "master")
        #expect(((full["originalUriBaseIds"] as? [String: Any])?["SRCROOT"] as? [String: Any])?["uri"] as? String
            == "file:///src/xen/")
        #expect((full["invocations"] as? [[String: Any]])?.first?["executionSuccessful"] as? Bool == false)
    }

    @Test func narrowingsBesideTheFindingAreRelated() throws {
        let cut = Narrowing(
            location: place(5, 2), from: "long", to: "int", range: ValueRange(min: "0", max: "4294967296"), function: "f")
        var audit = sampleAudit()
        audit.rows[0].narrowings = [cut]
        let findings = RuleEngine(pack: try bundledPack()).findings(for: audit)
        let log = SARIFReport(tool: tool).render(findings: findings, audit: audit, rules: [])
        #expect(log.contains("\"relatedLocations\""))
        #expect(log.contains("[0, 0x100000000] is cut from 'long' to 'int'"))
    }

    @Test(arguments: [
        ("xen/a.c", "xen/a.c", true), ("a:b.c", "a%3Ab.c", true), ("/usr/include/a b.h", "file:///usr/include/a%20b.h", false),
        ("../up.c", "../up.c", false),
    ])
    func uris(file: String, uri: String, isBelowRoot: Bool) throws {
        let location = try #require(SARIFLocation.physical(SourceLocation(file: file, line: 0, column: 0)))
        let base: JSONValue? = isBelowRoot ? .string("SRCROOT") : nil
        #expect(location == .members(["artifactLocation": .members(["uri": .string(uri), "uriBaseId": base])]))
    }

    private static let expected = #"""
        {
          "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
          "version": "2.1.0",
          "runs": [
            {
              "tool": {
                "driver": {
                  "name": "xenwidth",
                  "version": "1.2.3",
                  "rules": [],
                  "notifications": [
                    {
                      "id": "parse-error",
                      "shortDescription": {
                        "text": "A source file did not parse; rows that need it are unknown."
                      }
                    },
                    {
                      "id": "unsupported-construct",
                      "shortDescription": {
                        "text": "C that is not understood; rows that need it are unknown."
                      }
                    }
                  ]
                }
              },
              "invocations": [
                {
                  "executionSuccessful": true,
                  "toolExecutionNotifications": [
                    {
                      "descriptor": {
                        "id": "parse-error"
                      },
                      "level": "warning",
                      "message": {
                        "text": "expected ';'"
                      },
                      "locations": [
                        {
                          "physicalLocation": {
                            "artifactLocation": {
                              "uri": "xen/common/broken.c",
                              "uriBaseId": "SRCROOT"
                            },
                            "region": {
                              "startLine": 3,
                              "startColumn": 1
                            }
                          }
                        }
                      ]
                    },
                    {
                      "descriptor": {
                        "id": "unsupported-construct"
                      },
                      "level": "note",
                      "message": {
                        "text": "asm goto: 2"
                      }
                    }
                  ]
                }
              ],
              "originalUriBaseIds": {
                "SRCROOT": {
                  "description": {
                    "text": "The root of the Xen tree."
                  }
                }
              },
              "automationDetails": {
                "id": "xenwidth/arm64/",
                "description": {
                  "text": "Hypercall return values of Xen 4.23-unstable on arm64."
                }
              },
              "columnKind": "unicodeCodePoints",
              "results": [
                {
                  "ruleId": "narrowing-on-return-path",
                  "kind": "fail",
                  "level": "error",
                  "message": {
                    "text": "[0, 70000] is cut from 'unsigned int' to 'unsigned short'; do_argo_op(ARGO_count) returns it to arm32"
                  },
                  "locations": [
                    {
                      "physicalLocation": {
                        "artifactLocation": {
                          "uri": "xen/common/argo.c",
                          "uriBaseId": "SRCROOT"
                        },
                        "region": {
                          "startLine": 77,
                          "startColumn": 16
                        }
                      },
                      "logicalLocations": [
                        {
                          "name": "count_rings",
                          "kind": "function"
                        }
                      ]
                    }
                  ],
                  "partialFingerprints": {
                    "xenwidthCause/v1": "19616abdcb08e225f24a777e7e5fd2e0"
                  },
                  "properties": {
                    "rows": [
                      {
                        "hypercall": "memory_op",
                        "handler": "do_argo_op",
                        "subOperation": "ARGO_count",
                        "guest": "arm32",
                        "verdict": "exceeds-32-bit",
                        "range": {
                          "min": "0",
                          "max": "70000"
                        }
                      }
                    ]
                  }
                },
                {
                  "ruleId": "return-exceeds-32-bit",
                  "kind": "fail",
                  "level": "error",
                  "message": {
                    "text": "do_memory_op(XENMEM_maximum_ram_page) can return [0, 0xffffffffffffffff] to arm32; r0 holds 32 bits"
                  },
                  "locations": [
                    {
                      "physicalLocation": {
                        "artifactLocation": {
                          "uri": "xen/common/memory.c",
                          "uriBaseId": "SRCROOT"
                        },
                        "region": {
                          "startLine": 1646,
                          "startColumn": 9
                        }
                      },
                      "logicalLocations": [
                        {
                          "name": "do_memory_op",
                          "kind": "function"
                        }
                      ]
                    }
                  ],
                  "codeFlows": [
                    {
                      "threadFlows": [
                        {
                          "locations": [
                            {
                              "location": {
                                "physicalLocation": {
                                  "artifactLocation": {
                                    "uri": "xen/common/page_alloc.c",
                                    "uriBaseId": "SRCROOT"
                                  },
                                  "region": {
                                    "startLine": 52,
                                    "startColumn": 15
                                  }
                                },
                                "message": {
                                  "text": "'max_page' is a global of type 'unsigned long': [0, 0xffffffffffffffff]"
                                }
                              },
                              "executionOrder": 1
                            },
                            {
                              "location": {
                                "physicalLocation": {
                                  "artifactLocation": {
                                    "uri": "xen/common/memory.c",
                                    "uriBaseId": "SRCROOT"
                                  },
                                  "region": {
                                    "startLine": 1646,
                                    "startColumn": 14
                                  }
                                },
                                "message": {
                                  "text": "converted to 'long' and assigned to 'rc'"
                                }
                              },
                              "executionOrder": 2
                            },
                            {
                              "location": {
                                "physicalLocation": {
                                  "artifactLocation": {
                                    "uri": "xen/common/memory.c",
                                    "uriBaseId": "SRCROOT"
                                  },
                                  "region": {
                                    "startLine": 2050,
                                    "startColumn": 5
                                  }
                                },
                                "message": {
                                  "text": "returned to the guest"
                                }
                              },
                              "executionOrder": 3
                            }
                          ]
                        }
                      ]
                    }
                  ],
                  "partialFingerprints": {
                    "xenwidthCause/v1": "3fd9bcb9820a84e47fee823e7fedab4f"
                  },
                  "properties": {
                    "rows": [
                      {
                        "hypercall": "memory_op",
                        "handler": "do_memory_op",
                        "subOperation": "XENMEM_maximum_ram_page",
                        "guest": "arm32",
                        "verdict": "exceeds-32-bit",
                        "range": {
                          "min": "0",
                          "max": "18446744073709551615"
                        }
                      }
                    ],
                    "knownCase": {
                      "id": "XENMEM_maximum_ram_page",
                      "title": "XENMEM_maximum_ram_page returns max_page unchecked",
                      "history": "Since 2005 (9ba9cbdb3fb5) the sub-operation returns max_page, an unsigned long, as the hypercall's result. The\npublic header promises that it never fails. 7ffc9779aa51 (2013) let do_memory_op() return more than an int,\nand made compat_memory_op() saturate at INT_MAX, which covers 32-bit x86 guests, and HVM guests by way of\nhvm_memory_op(). 32-bit Arm guests have no compat layer: they call do_memory_op() and get the low half of\nmax_page once the host has RAM above 16 TiB (2^32 pages).\n",
                      "remedies": [
                        "saturate, as the end of compat_memory_op() does",
                        "fail with -ERANGE, -EDOM or -E2BIG where the value does not fit"
                      ]
                    }
                  }
                },
                {
                  "ruleId": "analysis-incomplete",
                  "kind": "fail",
                  "level": "note",
                  "message": {
                    "text": "do_memory_op for arm32 is not decided: arch_memory_op() was not parsed"
                  },
                  "locations": [
                    {
                      "physicalLocation": {
                        "artifactLocation": {
                          "uri": "xen/common/memory.c",
                          "uriBaseId": "SRCROOT"
                        },
                        "region": {
                          "startLine": 2060,
                          "startColumn": 9
                        }
                      },
                      "logicalLocations": [
                        {
                          "name": "do_memory_op",
                          "kind": "function"
                        }
                      ]
                    }
                  ],
                  "partialFingerprints": {
                    "xenwidthCause/v1": "08d9759f8e7e0b5034df1401c0f212fb"
                  },
                  "properties": {
                    "rows": [
                      {
                        "hypercall": "memory_op",
                        "handler": "do_memory_op",
                        "subOperation": null,
                        "guest": "arm32",
                        "verdict": "unknown",
                        "range": null
                      }
                    ]
                  }
                }
              ]
            }
          ]
        }

        """#
}
