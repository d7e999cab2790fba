import AssayBytes
import AssayPackageDatabase
import AssaySQLite
import AssayTestSupport
import Foundation
import Testing

/// What the tool at `path` needs to be there for.
private func hasTool(_ path: String) -> Bool {
    FileManager.default.isExecutableFile(atPath: path) || ProcessInfo.processInfo.environment["CI"] == "true"
}

@discardableResult
private func run(_ arguments: [String], input: String = "") throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    let output = Pipe()
    let standardInput = Pipe()
    process.standardOutput = output
    process.standardInput = standardInput
    process.standardError = FileHandle.nullDevice
    try process.run()
    standardInput.fileHandleForWriting.write(Data(input.utf8))
    try standardInput.fileHandleForWriting.close()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(arguments)")
    return String(decoding: data, as: UTF8.self)
}

private func withDirectory<Result>(_ body: (String) throws -> Result) throws -> Result {
    let path = FileManager.default.temporaryDirectory.path + "/assay-sqlite-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try body(path)
}

/// The bytes of a database that `sql` makes.
private func database(_ sql: String) throws -> [UInt8] {
    try withDirectory { directory in
        try run(["sqlite3", directory + "/db"], input: sql)
        return try Array(Data(contentsOf: URL(fileURLWithPath: directory + "/db")))
    }
}

private func rows(_ bytes: [UInt8], _ query: String, _ limits: SQLiteReader.Limits = .init()) throws -> [[SQLiteValue]]
{
    var result: [[SQLiteValue]] = []
    try SQLiteReader(ByteArraySource(bytes), limits: limits).forEachRow(query) { result.append($0) }
    return result
}

private let query = "SELECT hnum, blob FROM Packages"

/// A source that fails after its first page.
private struct FailingSource: ByteSource {
    struct Failure: Error, CustomStringConvertible { let description = "the disk is on fire" }
    let bytes: [UInt8]
    var size: ByteCount { ByteCount(UInt64(bytes.count)) }
    func read(into buffer: inout MutableSpan<UInt8>, at offset: ByteOffset) throws -> Int {
        guard offset.rawValue < 4096 else { throw Failure() }
        return ByteArraySource(bytes).read(into: &buffer, at: offset)
    }
}

@Suite(.enabled(if: hasTool("/usr/bin/sqlite3"), "sqlite3 is not installed"))
struct SQLiteReaderTests {
    @Test func `values of each type are read back`() throws {
        let bytes = try database(
            "CREATE TABLE t(a,b,c,d,e); INSERT INTO t VALUES (NULL, -5, 1.5, 'text', x'00ff'), (1,2,3,'',x'');")
        #expect(
            try rows(bytes, "SELECT a,b,c,d,e FROM t") == [
                [.null, .integer(-5), .real(1.5), .text(Array("text".utf8)), .blob([0, 255])],
                [.integer(1), .integer(2), .integer(3), .text([]), .blob([])],
            ])
    }

    @Test func `a database in write-ahead mode is read and says so`() throws {
        let bytes = try database(
            "PRAGMA journal_mode=WAL; CREATE TABLE Packages(hnum, blob); INSERT INTO Packages VALUES (1, x'01');")
        let reader = try SQLiteReader(ByteArraySource(bytes))
        #expect(reader.isWriteAheadLogging)
        #expect(try rows(bytes, query) == [[.integer(1), .blob([1])]])
    }

    @Test(arguments: [
        "SELECT abs(hnum) FROM Packages", "PRAGMA integrity_check", "ATTACH '/etc/passwd' AS p", "DELETE FROM Packages",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) SELECT i FROM n", "SELECT hnum FROM missing",
        "CREATE TABLE x(y)",
    ])
    func `a query that is not a plain SELECT is refused`(query: String) throws {
        let bytes = try database("CREATE TABLE Packages(hnum, blob); INSERT INTO Packages VALUES (1, x'01');")
        #expect { try rows(bytes, query) } throws: { ($0 as? SQLiteError)?.code == .refused }
    }

    @Test func `a view in the place of the table is refused`() throws {
        let bytes = try database(
            "CREATE VIEW Packages AS WITH RECURSIVE n(hnum) AS (SELECT 1 UNION ALL SELECT hnum+1 FROM n) SELECT hnum, hnum AS blob FROM n;"
        )
        #expect { try rows(bytes, query) } throws: { ($0 as? SQLiteError)?.code == .refused }
    }

    @Test func `steps, rows and value sizes are bounded`() throws {
        let bytes = try database(
            """
            CREATE TABLE Packages(hnum, blob);
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i < 20000)
            INSERT INTO Packages SELECT i, zeroblob(10) FROM n;
            INSERT INTO Packages VALUES (0, zeroblob(100000));
            """)
        #expect(try rows(bytes, query).count == 20_001)
        #expect { try rows(bytes, query, .init(thousandSteps: 5)) } throws: { ($0 as? SQLiteError)?.code == .limit }
        #expect { try rows(bytes, query, .init(rows: 100)) } throws: { ($0 as? SQLiteError)?.code == .limit }
        #expect { try rows(bytes, query, .init(valueBytes: 50_000)) } throws: { ($0 as? SQLiteError)?.code == .limit }
        #expect {
            try rows(
                bytes, "SELECT a.hnum FROM Packages a, Packages b WHERE a.blob > b.blob", .init(thousandSteps: 500))
        } throws: { ($0 as? SQLiteError)?.code == .limit }
    }

    @Test func `a source that fails is an error of the source`() throws {
        let bytes = try database(
            "CREATE TABLE Packages(hnum, blob); INSERT INTO Packages VALUES (1, zeroblob(100000));")
        #expect {
            try SQLiteReader(FailingSource(bytes: bytes)).forEachRow(query) { _ in }
        } throws: {
            ($0 as? SQLiteError).map { $0.code == .source && $0.description.contains("on fire") } ?? false
        }
    }

    @Test(arguments: ["", "SQLite format 3\0", "not a database, but long enough to be one of some kind"])
    func `what is no database is malformed`(text: String) throws {
        let bytes = Array(text.utf8) + [UInt8](repeating: 0, count: text.utf8.count > 20 ? 200 : 0)
        #expect { try rows(bytes, query) } throws: { ($0 as? SQLiteError)?.code == .malformed }
    }

    @Test func `damaged databases end in an error or in rows, never in a crash or a hang`() throws {
        let bytes = try database(
            """
            PRAGMA page_size=512; CREATE TABLE Packages(hnum INTEGER PRIMARY KEY, blob BLOB NOT NULL);
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i < 60)
            INSERT INTO Packages SELECT i, randomblob(300) FROM n;
            """)
        var random = SeededNumbers(state: 7)
        for round in 0..<600 {
            var copy = bytes
            for _ in 0..<(1 + round % 8) {
                let region = round % 3 == 0 ? min(600, copy.count) : copy.count
                copy[Int(random.next() % UInt64(region))] = UInt8(truncatingIfNeeded: random.next())
            }
            if round % 5 == 0 { copy.removeLast(Int(random.next() % UInt64(copy.count))) }
            _ = try? rows(copy, query, .init(thousandSteps: 200))
        }
    }
}

@Suite(.enabled(if: hasTool("/usr/bin/rpmbuild"), "rpm is not installed"))
struct RPMDatabaseTests {
    @Test func `the packages and files of a database that rpm made are those that rpm lists`() throws {
        try withDirectory { directory in
            let spec = """
                Name: probe
                Version: 1.2
                Release: 3
                Epoch: 4
                Summary: s
                License: MIT
                BuildArch: noarch
                %description
                d
                %install
                mkdir -p %{buildroot}/opt/probe/sub %{buildroot}/etc
                echo 1 > %{buildroot}/opt/probe/sub/tool
                echo 1 > %{buildroot}/etc/probe.conf
                %files
                %dir /opt/probe
                %caps(cap_net_raw=p) /opt/probe/sub/tool
                %config /etc/probe.conf
                %ghost /etc/probe.state
                """
            try spec.write(toFile: directory + "/probe.spec", atomically: true, encoding: .utf8)
            try run(["rpmbuild", "-bb", "-D", "_topdir \(directory)/top", directory + "/probe.spec"])
            let rpm = directory + "/top/RPMS/noarch/probe-1.2-3.noarch.rpm"
            let dbpath = directory + "/db"
            try run(["rpm", "--dbpath", dbpath, "-i", "--nodeps", "--noscripts", "--justdb", "--force-debian", rpm])

            let bytes = try Array(Data(contentsOf: URL(fileURLWithPath: dbpath + "/rpmdb.sqlite")))
            #expect(RPMDatabaseFormat(prefix: Array(bytes.prefix(16))) == .sqlite)
            var packages: [RPMPackage] = []
            var files: [RPMFile] = []
            try SQLiteReader(ByteArraySource(bytes)).forEachRow(query) { row in
                let header = try RPMHeader(row[1].bytes ?? [])
                packages.append(try RPMPackage(header))
                files += try header.files()
            }
            #expect(packages.map(\.nevra) == ["probe-4:1.2-3.noarch"])
            #expect(packages.first?.sourceRPM == "probe-1.2-3.src.rpm")
            #expect(packages.first?.signatures == [])
            let listed = try run([
                "rpm", "--dbpath", dbpath, "-q", "--qf", "[%{FILENAMES} %{FILEMODES:octal} %{FILECAPS}\\n]", "probe",
            ])
            let ours = files.map {
                String(decoding: $0.path, as: UTF8.self) + " " + String($0.mode ?? 0, radix: 8) + " "
                    + ($0.capabilities ?? "")
            }
            #expect(ours == listed.split(separator: "\n").map(String.init))
            #expect(ours.count == 4)
            #expect(files.filter(\.isGhost).map { String(decoding: $0.path, as: UTF8.self) } == ["/etc/probe.state"])
        }
    }
}
