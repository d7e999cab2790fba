import AssayFileCapabilities
import Foundation
import Testing

/// The attribute of revision 2 or 3 with these 32-bit words.
private func value(_ words: [UInt32]) -> [UInt8] {
    words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * UInt32($0))) } }
}

private func hasTools() -> Bool {
    let isThere = ["/usr/sbin/setcap", "/usr/sbin/getcap", "/usr/bin/python3"].allSatisfy {
        FileManager.default.isExecutableFile(atPath: $0)
    }
    return isThere || ProcessInfo.processInfo.environment["CI"] == "true"
}

/// setcap works for root only, on a file system with attributes.
private func canSetCapabilities() -> Bool { hasTools() && geteuid() == 0 }

private func run(_ arguments: [String]) throws -> (output: String, status: Int32) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: arguments[0])
    process.arguments = Array(arguments.dropFirst())
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (String(decoding: data, as: UTF8.self), process.terminationStatus)
}

/// The bytes of `security.capability` of the file at `path`.
private func attribute(_ path: String) throws -> [UInt8] {
    let script = "import os,sys; print(*os.getxattr(sys.argv[1], 'security.capability'))"
    return try run(["/usr/bin/python3", "-c", script, path]).output.split(whereSeparator: \.isWhitespace)
        .compactMap { UInt8($0) }
}

struct FileCapabilitiesTests {
    @Test(
        arguments: [
            ([0x0200_0001, 0x2400, 0, 0, 0], "cap_net_bind_service,cap_net_raw=ep"),
            ([0x0200_0000, 0x2000, 0, 0, 0], "cap_net_raw=p"), ([0x0200_0000, 0, 0x2000, 0, 0], "cap_net_raw=i"),
            ([0x0200_0001, 0x2000, 0x2000, 0, 0], "cap_net_raw=eip"), ([0x0200_0000, 0, 0, 0, 0], "="),
            ([0x0200_0001, 0, 0, 0x100, 0], "cap_checkpoint_restore=ep"), ([0x0100_0001, 1, 0], "cap_chown=ep"),
            ([0x0300_0001, 0x20_0000, 0, 0, 0, 1000], "cap_sys_admin=ep [rootid=1000]"),
            ([0x0300_0001, 0x20_0000, 0, 0, 0, 0], "cap_sys_admin=ep"),
        ] as [([UInt32], String)])
    func `known attributes have known texts`(words: [UInt32], text: String) throws {
        #expect(try FileCapabilities(value(words)).description == text)
    }

    @Test func `the sets, the flag and the root are taken apart`() throws {
        let result = try FileCapabilities(value([0x0300_0001, 0x2400, 1, 0x100, 0, 1000]))
        #expect(result.revision == .three && result.rootID == 1000 && result.isEffective)
        #expect(
            result.permitted.capabilities.map(\.name) == [
                "cap_net_bind_service", "cap_net_raw", "cap_checkpoint_restore",
            ])
        #expect(result.inheritable.capabilities.map(\.name) == ["cap_chown"])
        #expect(result.effective == result.permitted)
    }

    @Test func `there are 41 names and each finds its number`() throws {
        #expect(Capability.names.count == 41)
        for (number, name) in Capability.names.enumerated() {
            #expect(Capability(name: name)?.rawValue == UInt8(number))
            #expect(Capability(name: String(name.dropFirst(4)).uppercased())?.name == name)
        }
        #expect(Capability(name: "cap_nothing") == nil)
        #expect(Capability(rawValue: 64) == nil)
        let last = try #require(Capability(rawValue: 63))
        #expect(last.name == "63" && !last.isNamed)
    }

    @Test(
        arguments: [
            ([], FileCapabilitiesError.wrongSize(0, expected: 20)),
            ([0x0200_0001, 1, 2, 3], .wrongSize(16, expected: 20)),
            ([0x0200_0001, 1, 2, 3, 4, 5], .wrongSize(24, expected: 20)),
            ([0x0300_0001, 1, 2, 3, 4], .wrongSize(20, expected: 24)),
            ([0x0400_0001, 1, 2, 3, 4, 5], .unknownRevision(4)), ([0x0200_0003, 1, 2, 3, 4], .undefinedFlags(3)),
        ] as [([UInt32], FileCapabilitiesError)])
    func `what the kernel refuses is refused with a reason`(words: [UInt32], error: FileCapabilitiesError) {
        #expect(throws: error) { try FileCapabilities(value(words)) }
    }

    @Test func `every size, every flipped bit and random bytes end in a value or an error`() {
        let good = value([0x0300_0001, 0x2400, 1, 0x100, 0, 1000])
        for count in 0..<good.count {
            #expect(throws: FileCapabilitiesError.self) { try FileCapabilities(Array(good[..<count])) }
        }
        for bit in 0..<(good.count * 8) {
            var copy = good
            copy[bit / 8] ^= 1 << UInt8(bit % 8)
            _ = try? FileCapabilities(copy).description
        }
        var state: UInt64 = 1
        for _ in 0..<5000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let words = (0..<6).map { UInt32(truncatingIfNeeded: state >> UInt64($0 * 5)) }
            _ = try? FileCapabilities(value([words[0] & 0x0100_0001 | 0x0200_0000] + words[1...4])).description
        }
    }

    @Test(
        .enabled(if: canSetCapabilities(), "setcap is not there or not allowed"),
        arguments: [
            "cap_net_bind_service,cap_net_raw=ep", "cap_net_raw=p", "cap_chown=i", "=ep", "=eip", "=p", "cap_chown=ip",
            "cap_net_raw=ep cap_chown=eip", "=p cap_chown-p", "=ep cap_sys_admin,cap_bpf-ep", "cap_chown=p cap_kill=i",
            "all=p cap_net_raw+i", "cap_checkpoint_restore,cap_perfmon=eip", "=",
        ])
    func `setcap's attribute is read and written out as getcap does`(text: String) throws {
        let path = "/var/tmp/assay-capabilities-\(UUID().uuidString)"
        try #require(FileManager.default.createFile(atPath: path, contents: Data()))
        defer { try? FileManager.default.removeItem(atPath: path) }
        for root in [[], ["-n", "1000"]] {
            try #require(try run(["/usr/sbin/setcap"] + root + [text, path]).status == 0)
            let listed = try run(["/usr/sbin/getcap", "-n", path]).output
            let theirs = listed.split(separator: "\n").first?.dropFirst(path.count + 1) ?? ""
            #expect(try FileCapabilities(try attribute(path)).description == String(theirs))
        }
    }
}
