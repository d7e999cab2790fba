import AssayBytes
import AssayELF
import Testing

/// A file that must be refused, and why.
struct EvilFile: Sendable, CustomStringConvertible {
    let description: String
    let bytes: [UInt8]
    let code: ELFError.Code
    let message: String

    init(_ description: String, _ code: ELFError.Code, _ message: String, _ make: () -> ELFBuilder) {
        self.init(description, code, message, bytes: make().bytes())
    }

    init(_ description: String, _ code: ELFError.Code, _ message: String, bytes: [UInt8]) {
        self.description = description
        self.bytes = bytes
        self.code = code
        self.message = message
    }

    /// A sound program with one thing changed.
    private static func changed(_ change: (inout ELFBuilder) -> Void) -> ELFBuilder {
        var builder = ELFBuilder.dynamic([])
        change(&builder)
        return builder
    }

    private static func note(_ bytes: [UInt8]) -> ELFBuilder {
        changed {
            $0.segments.append(
                .init(type: 4, offset: 0xA00, address: 0xA00, fileSize: UInt64(bytes.count), memorySize: 0))
            $0.pieces.append((0xA00, bytes))
        }
    }

    private static func patched(_ offset: Int, _ value: UInt8) -> [UInt8] {
        var bytes = ELFBuilder.dynamic([]).bytes()
        bytes[offset] = value
        return bytes
    }

    static let all: [EvilFile] = identification + programHeaders + sections + dynamic + symbols + notes

    static let identification = [
        EvilFile("empty file", .notELF, "no magic", bytes: []),
        EvilFile("script", .notELF, "no magic", bytes: Array("#!/bin/sh\n".utf8)),
        EvilFile("magic alone", .truncated, "identification", bytes: [0x7F, 0x45, 0x4C, 0x46]),
        EvilFile("class 3", .badHeader, "class 3", bytes: patched(4, 3)),
        EvilFile("byte order 0", .badHeader, "byte order 0", bytes: patched(5, 0)),
        EvilFile("version 2", .badHeader, "version 2", bytes: patched(6, 2)),
        EvilFile("half a header", .truncated, "ELF header", bytes: Array(patched(6, 1).prefix(60))),
    ]

    static let programHeaders = [
        EvilFile("no segments", .badProgramHeaders, "nothing to load") { changed { $0.segments = [] } },
        EvilFile("entry size 0", .badProgramHeaders, "size is 0") { changed { $0.phentsize = 0 } },
        EvilFile("table behind the end", .badProgramHeaders, "does not lie in the file") {
            changed { $0.phoff = 1 << 62 }
        },
        EvilFile("table inside the header", .badProgramHeaders, "does not lie in the file") {
            changed { $0.phoff = 8 }
        },
        EvilFile("PN_XNUM without sections", .badProgramHeaders, "section header that is missing") {
            changed { $0.phnum = 0xFFFF }
        },
        EvilFile("PN_XNUM of 4 billion", .limitExceeded, "program headers") {
            changed {
                $0.phnum = 0xFFFF
                $0.sections = [.init(type: 0, info: .max)]
            }
        },
        EvilFile("segment behind the end", .truncated, "PT_LOAD of 8192 bytes") {
            changed {
                $0.segments[0].fileSize = 8_192
                $0.segments[0].memorySize = 8_192
            }
        },
        EvilFile("segment larger in the file", .badProgramHeaders, "larger in the file") {
            changed { $0.segments[0].memorySize = 16 }
        },
        EvilFile("segment past the address space", .badProgramHeaders, "address space") {
            changed { $0.segments[0].address = .max - 4_095 }
        },
        EvilFile("overlapping segments", .badProgramHeaders, "overlap") {
            changed { $0.segments.insert($0.segments[0], at: 1) }
        },
        EvilFile("segment off its page", .badProgramHeaders, "within the page") {
            changed { $0.segments[0].address = 0x10 }
        },
        EvilFile("two dynamic segments", .badProgramHeaders, "more than one PT_DYNAMIC") {
            changed { $0.segments.append($0.segments[1]) }
        },
        EvilFile("two stack headers", .badProgramHeaders, "more than one PT_GNU_STACK") {
            changed {
                let stack = ELFBuilder.Segment(type: 0x6474_E551, offset: 0, address: 0, fileSize: 0, memorySize: 0)
                $0.segments += [stack, stack]
            }
        },
        EvilFile("interpreter of 1 MiB", .badProgramHeaders, "interpreter path of") {
            changed { $0.segments.append(.init(type: 3, offset: 0, address: 0, fileSize: 1 << 20, memorySize: 0)) }
        },
        EvilFile("interpreter without an end", .badProgramHeaders, "zero byte") {
            changed {
                $0.segments.append(.init(type: 3, offset: 0xA00, address: 0xA00, fileSize: 3, memorySize: 3))
                $0.pieces.append((0xA00, Array("/ld".utf8)))
            }
        },
    ]

    static let sections = [
        EvilFile("section entry size 0", .badSectionHeaders, "size is 0") {
            changed {
                $0.shoff = 0x100
                $0.shentsize = 0
            }
        },
        EvilFile("section table behind the end", .truncated, "section header") { changed { $0.shoff = 1 << 40 } },
        EvilFile("4 billion sections", .limitExceeded, "section headers") {
            changed {
                $0.sections = [.init(type: 0, size: 1 << 32)]
                $0.shnum = 0
            }
        },
        EvilFile("section behind the end", .truncated, "section 0 of") {
            changed { $0.sections = [.init(type: 1, offset: 1 << 50, size: 1)] }
        },
        EvilFile("no such name table", .badSectionHeaders, "no section 9") {
            changed {
                $0.sections = [.init(type: 0)]
                $0.shstrndx = 9
            }
        },
        EvilFile("huge name table", .limitExceeded, "section names") {
            changed {
                $0.sections = [.init(type: 0), .init(type: 3, size: 1 << 40)]
                $0.shstrndx = 1
            }
        },
    ]

    static let dynamic = [
        EvilFile("unmapped dynamic section", .badDynamic, "not mapped") {
            changed { $0.segments[1].address = 1 << 40 }
        },
        EvilFile("dynamic section with two places", .badDynamic, "different bytes") {
            changed { $0.segments[1].offset = 0x500 }
        },
        EvilFile("dynamic section without an end", .badDynamic, "end mark") {
            changed { $0.segments[1].fileSize -= 16 }
        },
        EvilFile("dynamic section of 65,537 entries", .limitExceeded, "dynamic entries") {
            changed {
                $0.size = 2 << 20
                $0.segments[0].fileSize = 2 << 20
                $0.segments[0].memorySize = 2 << 20
                $0.segments[1].fileSize = 65_537 * 16
            }
        },
        EvilFile("unmapped strings", .badDynamic, "string table is not mapped") {
            changed { $0.pieces[0].bytes.replaceSubrange(8..<16, with: $0.word(1 << 50)) }
        },
        EvilFile("strings without an end", .badDynamic, "zero byte") { .dynamic([], strings: Array("libc".utf8)) },
        EvilFile("huge strings", .limitExceeded, "string table of") {
            changed { $0.pieces[0].bytes.replaceSubrange(24..<32, with: $0.word(1 << 50)) }
        },
        EvilFile("library name outside the strings", .badDynamic, "outside its table") { .dynamic([(1, 77)]) },
        EvilFile("library name without bounds", .limitExceeded, "more than 4096 bytes") {
            var builder = ELFBuilder.dynamic(
                [(1, 1)], strings: [0] + [UInt8](repeating: 0x61, count: 5_000) + [0])
            builder.size = 8_192
            builder.segments[0].fileSize = 8_192
            builder.segments[0].memorySize = 8_192
            return builder
        },
    ]

    static let symbols = [
        EvilFile("symbol size 7", .badSymbols, "symbol size is 7") { .dynamic([(6, 0xC00), (11, 7)]) },
        EvilFile("unmapped symbols", .badSymbols, "not mapped") { .dynamic([(6, 1 << 40)]) },
        EvilFile("unmapped hash table", .badSymbols, "hash table is not mapped") {
            .dynamic([(6, 0xC00), (4, 1 << 40)])
        },
        EvilFile("hash table of 4 billion symbols", .limitExceeded, "dynamic symbols") {
            var builder = ELFBuilder.dynamic([(6, 0xC00), (4, 0xB00)])
            builder.pieces.append((0xB00, builder.number(1, 4) + builder.number(0xFFFF_FFFF, 4)))
            return builder
        },
        EvilFile("more symbols than bytes", .badSymbols, "is not mapped") {
            var builder = ELFBuilder.dynamic([(6, 0xC00), (4, 0xB00)])
            builder.pieces.append((0xB00, builder.number(1, 4) + builder.number(1_000, 4)))
            return builder
        },
        EvilFile("GNU hash of 4 billion buckets", .limitExceeded, "buckets") {
            var builder = ELFBuilder.dynamic([(6, 0xC00), (0x6FFF_FEF5, 0xB00)])
            builder.pieces.append((0xB00, builder.number(0xFFFF_FFFF, 4)))
            return builder
        },
        EvilFile("GNU hash chain off the map", .badSymbols, "chain is not mapped") {
            var builder = ELFBuilder.dynamic([(6, 0xC00), (0x6FFF_FEF5, 0xB00)])
            let words: [UInt64] = [1, 1, 0, 0, 900]
            builder.pieces.append((0xB00, words.flatMap { builder.number($0, 4) }))
            return builder
        },
        EvilFile("GNU hash that counts backwards", .badSymbols, "names symbol 2") {
            var builder = ELFBuilder.dynamic([(6, 0xC00), (0x6FFF_FEF5, 0xB00)])
            let words: [UInt64] = [1, 9, 0, 0, 2]
            builder.pieces.append((0xB00, words.flatMap { builder.number($0, 4) }))
            return builder
        },
        EvilFile("symbol count that cannot be told", .badSymbols, "cannot be told") { .dynamic([(6, 0xC00)]) },
        EvilFile("symbol name outside the strings", .badSymbols, "outside the table") {
            var builder = ELFBuilder.dynamic([(6, 0xC00), (4, 0xB00)])
            builder.pieces.append((0xB00, builder.number(1, 4) + builder.number(2, 4)))
            builder.pieces.append((0xC18, builder.number(500, 4)))
            return builder
        },
        EvilFile("symbol table without names", .badSymbols, "no name table") {
            changed {
                $0.type = 1
                $0.sections = [.init(type: 0), .init(type: 2, size: 24, link: 9)]
            }
        },
        EvilFile("symbol names without an end", .badSymbols, "zero byte") {
            changed {
                $0.type = 1
                $0.pieces.append((0xA00, [0x41]))
                $0.sections = [
                    .init(type: 0), .init(type: 2, size: 24, link: 2), .init(type: 3, offset: 0xA00, size: 1),
                ]
            }
        },
        EvilFile("2 million symbols and one", .limitExceeded, "symbols") {
            changed {
                $0.type = 1
                $0.size = 2_097_153 * 24 + 4_096
                $0.sections = [.init(type: 0), .init(type: 2, size: 2_097_153 * 24)]
            }
        },
    ]

    static let notes = [
        EvilFile("note past its segment", .badNote, "passes the end of its segment") {
            note([4, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 5, 0, 0, 0, 0x47, 0x4E, 0x55, 0])
        },
        EvilFile("notes of 2 MiB", .limitExceeded, "notes of more than") {
            changed {
                $0.size = 4 << 20
                $0.segments.append(.init(type: 4, offset: 0, address: 0, fileSize: 2 << 20, memorySize: 0))
            }
        },
        EvilFile("note segment behind the end", .truncated, "note segment") {
            changed { $0.segments.append(.init(type: 4, offset: 1 << 40, address: 0, fileSize: 64, memorySize: 0)) }
        },
        EvilFile("property past its note", .badNote, "property passes") {
            note([4, 0, 0, 0, 8, 0, 0, 0, 5, 0, 0, 0, 0x47, 0x4E, 0x55, 0, 2, 0, 0, 0xC0, 0xFF, 0, 0, 0])
        },
        EvilFile("feature property of 2 bytes", .badNote, "wrong size") {
            note([4, 0, 0, 0, 12, 0, 0, 0, 5, 0, 0, 0, 0x47, 0x4E, 0x55, 0, 2, 0, 0, 0xC0, 2, 0, 0, 0, 3, 0, 0, 0])
        },
    ]
}

@Test(arguments: EvilFile.all)
func `a malformed file is refused with its reason`(_ file: EvilFile) {
    let error = #expect(throws: ELFError.self) { try ELFReport(ByteArraySource(file.bytes), fortifiable: nil) }
    #expect(error?.code == file.code)
    #expect(error?.message.contains(file.message) == true, "\(error?.message ?? "")")
}

@Test(arguments: [(true, false), (true, true), (false, false), (false, true)])
func `the builder's sound file is judged in each class and byte order`(_ wide: Bool, _ bigEndian: Bool) throws {
    var builder = ELFBuilder.dynamic(
        [(1, 1), (14, 9), (24, 0)], strings: Array("\0libx.so\0liby.so\0".utf8), wide: wide, bigEndian: bigEndian)
    builder.machine = 21
    let report = try ELFReport(ByteArraySource(builder.bytes()), fortifiable: nil)
    #expect(report.elfClass == (wide ? .elf64 : .elf32))
    #expect(report.endianness == (bigEndian ? .big : .little))
    #expect(report.machine.description == "ppc64")
    #expect(report.type.value == .sharedObject)
    #expect(report.needed.map(\.value) == ["libx.so"])
    #expect(report.soname?.value == "liby.so")
    #expect(report.bindNow.value == .now)
    #expect(report.relro.value == .none)
    #expect(report.stack.value == .unknown)
}

@Test func `RELRO that does not cover the table of functions is partial, an empty one is none`() throws {
    func relro(_ address: UInt64, _ size: UInt64) throws -> RELRO {
        var builder = ELFBuilder.dynamic([(24, 0), (3, 0x1_2000)])
        builder.size = 0x4000
        builder.segments.append(
            .init(type: 1, flags: 6, offset: 0x1000, address: 0x1_1000, fileSize: 0x3000, memorySize: 0x3000))
        builder.segments.append(
            .init(type: 0x6474_E552, offset: 0x1000, address: address, fileSize: size, memorySize: size))
        return try ELFReport(ByteArraySource(builder.bytes()), fortifiable: nil).relro.value
    }
    #expect(try relro(0x1_1000, 0x2000) == .full)
    #expect(try relro(0x1_1000, 0x1000) == .partial)
    #expect(try relro(0x1_1000, 0x1001) == .partial)
    #expect(try relro(0x1_1000, 0x10) == .none)
    #expect(try relro(.max, .max) == .none)
}

@Test func `names from a file are escaped`() throws {
    let builder = ELFBuilder.dynamic([(1, 1)], strings: [0, 0x1B, 0x5B, 0xFF, 0x0A, 0])
    let report = try ELFReport(ByteArraySource(builder.bytes()), fortifiable: nil)
    #expect(report.needed.map(\.value) == [#"\x1b[\xff\x0a"#])
}
