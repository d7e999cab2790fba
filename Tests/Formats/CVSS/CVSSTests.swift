import AssayCVSS
import AssayTestSupport
import Crypto
import Foundation
import Testing

private func vector(_ text: String) throws -> CVSSVector { try CVSSVector(text) }

struct CVSSTests {
    @Test(arguments: [
        // https://www.first.org/cvss/v3.1/examples
        ("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N", "6.4", "medium"),
        ("CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N", "3.1", "low"),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N", "7.5", "high"),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", "10.0", "critical"),
        ("CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:N/I:N/A:N", "0.0", "none"),
        ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H", "10.0", "critical"),
        ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", "9.3", "critical"),
        ("CVSS:4.0/AV:L/AC:L/AT:P/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", "7.3", "high"),
        ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N", "0.0", "none"),
    ])
    func `published scores are computed`(text: String, score: String, severity: String) throws {
        let vector = try vector(text)
        #expect(vector.score.text == score && vector.baseScore.text == score)
        #expect(vector.score.severity.rawValue == severity)
        #expect(vector.description == text)
    }

    @Test func `every vector of the table has the reference's scores`() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../Vectors/CVSS/vectors.tsv").standardizedFileURL
        let rows = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        #expect(rows.count == 60)
        for row in rows {
            let fields = row.split(separator: "\t").map(String.init)
            let vector = try vector(fields[0])
            #expect(vector.baseScore.text == fields[1] && vector.score.text == fields[2], "\(row)")
        }
    }

    /// The digest is printed by `Tests/Vectors/CVSS/generate.py 20261129 20000 -d`.
    @Test func `twenty thousand seeded vectors have the reference's scores`() throws {
        var numbers = SeededNumbers(state: 20_261_129)
        var hash = SHA256()
        for index in 0..<20_000 {
            let version: CVSSVersion = index % 2 == 0 ? .v31 : .v40
            let text = seededVector(version, &numbers)
            let vector = try vector(text)
            #expect(vector.description == text)
            hash.update(data: Data("\(text)\t\(vector.baseScore.text)\t\(vector.score.text)\n".utf8))
        }
        let digest = hash.finalize().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        #expect(digest == "94cdba6826b40522963a5b80f65501f00c8e42e81c668b47549583bb6cd55451")
    }

    private func seededVector(_ version: CVSSVersion, _ numbers: inout SeededNumbers) -> String {
        var fields = ["CVSS:\(version.rawValue)"]
        for metric in version.metrics {
            let letters = metric.values.map(\.abbreviation).sorted()
            if !metric.isMandatory, numbers.next() % 4 != 0 { continue }
            fields.append("\(metric.abbreviation):\(letters[Int(numbers.next() % UInt64(letters.count))])")
        }
        return fields.joined(separator: "/")
    }

    @Test func `the scores of each group have their names`() throws {
        let three = try vector("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:U/RL:O/RC:U/CR:L")
        #expect(three.scores.map(\.name) == ["base", "temporal", "environmental"])
        let four = try vector("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:U/CR:L/U:Red")
        #expect(four.scores.map(\.name) == ["CVSS-B", "CVSS-BT", "CVSS-BE", "CVSS-BTE"])
        #expect(four.scores.last?.score == four.score && four.scores.first?.score == four.baseScore)
        #expect(four.explanation.map(\.metric.abbreviation).suffix(2) == ["CR", "U"])
        for version in CVSSVersion.allCases {
            for metric in version.metrics {
                #expect(!metric.name.isEmpty && metric.values.allSatisfy { !$0.name.isEmpty && !$0.meaning.isEmpty })
            }
        }
    }

    @Test func `version 3.1 may stand in any order, and what is not defined is left out`() throws {
        let text = "CVSS:3.1/C:H/I:H/A:H/S:U/UI:N/PR:N/AC:L/AV:N/E:X/MAV:X"
        #expect(try vector(text).description == "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H")
    }

    @Test(arguments: [
        ("", "begins with 'CVSS:3.1/' or 'CVSS:4.0/'"), ("CVSS:3.0/AV:N", "begins with"), ("AV:N/AC:L", "begins with"),
        ("CVSS:3.1", "lacks AV (Attack Vector)"), ("CVSS:3.1/", "'' is no metric"),
        ("CVSS:3.1/AV", "'AV' is no metric"),
        ("CVSS:3.1/AV:N:N", "is no metric"), ("CVSS:3.1/AT:N", "has no metric 'AT'"),
        ("CVSS:3.1/AV:Q", "'Q' is no value of Attack Vector (AV); allowed: N, A, L, P"),
        ("CVSS:3.1/AV:X", "'X' is no value"), ("CVSS:3.1/AV:N/AV:N", "AV stands twice"),
        ("CVSS:3.1/E:X/E:X", "E stands twice"),
        ("cvss:3.1/AV:N", "begins with"), ("CVSS:3.1/av:N", "no metric 'av'"),
        ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:S/SA:N", "'S' is no value"),
        (
            "CVSS:4.0/AC:L/AV:N/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N",
            "have a fixed order; in it the vector is 'CVSS:4.0/AV:N/AC:L"
        ),
        ("CVSS:3.1/" + String(repeating: "E:X/", count: 200), "too long"),
    ])
    func `what is no vector is refused with its reason`(text: String, reason: String) {
        let error = #expect(throws: CVSSError.self) { try vector(text) }
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
    }

    @Test func `mutated vectors are read whole or refused`() {
        let start = Array("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:A/MSI:S/U:Amber".utf8)
        var numbers = SeededNumbers(state: 3)
        for end in 0...start.count { check(Array(start[..<end])) }
        for _ in 0..<5_000 {
            var bytes = start
            for _ in 0...(numbers.next() % 3) {
                bytes[Int(numbers.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: numbers.next() % 128)
            }
            check(bytes)
        }
    }

    private func check(_ bytes: [UInt8]) {
        guard let vector = try? CVSSVector(String(decoding: bytes, as: UTF8.self)) else { return }
        #expect((0...100).contains(vector.score.tenths))
        #expect((try? CVSSVector(vector.description)) == vector)
    }
}
