import AssayBytes
import AssayISO9660
import Testing

private let sum = "ISO MD5SUM = 0123456789abcdef0123456789abcdef;"

/// Contents of the field with the reason why each is refused.
private let faults: [(text: String, reason: String)] = [
    ("SKIPSECTORS = 2;", "without its checksum"),
    ("ISO MD5SUM = 0123;SKIPSECTORS = 2;", "not 32"),
    (sum, "how many sectors"),
    ("\(sum)SKIPSECTORS = x;", "how many sectors"),
    ("\(sum)SKIPSECTORS = 31;", "more sectors"),
    ("\(sum)SKIPSECTORS = 20;", "does not cover itself"),
    ("\(sum)\(sum)SKIPSECTORS = 2;", "twice"),
    ("\(sum)SKIPSECTORS = 2;RHLISOSTATUS=7;", "neither 0 nor 1"),
    ("\(sum)SKIPSECTORS = 2;FRAGMENT SUMS = zz;FRAGMENT COUNT = 20;", "fragments"),
    ("\(sum)SKIPSECTORS = 2;FRAGMENT SUMS = 00;FRAGMENT COUNT = 0;", "fragments"),
]

private func mediaCheck(_ text: String) throws -> ISOReading<MediaCheck> {
    var fixture = ISOFixture()
    fixture.put(Array(text.utf8), at: ISOFixture.primary, 883)
    return try ISO9660Image(ByteArraySource(fixture.bytes)).mediaCheck
}

struct MediaCheckTests {
    @Test func `a checksum is read with what it covers`() throws {
        let check = try #require(try mediaCheck(sum + "SKIPSECTORS = 2;RHLISOSTATUS=0;THE REST").value)
        #expect(check.md5 == "0123456789abcdef0123456789abcdef" && check.skippedSectors == 2)
        #expect(check.isSupported == false && check.fragments.isEmpty)
        let start: UInt64 = 16 * 2048 + 883
        #expect(
            check.pieces == [
                .bytes(ISOExtent(offset: .zero, count: ByteCount(start))), .spaces(512),
                .bytes(ISOExtent(offset: ByteOffset(start + 512), count: ByteCount(28 * 2048 - start - 512))),
            ])
        #expect(check.length.rawValue == 28 * 2048)
    }

    @Test func `other uses of the field are no media check`() throws {
        #expect(try mediaCheck("CD-XA001 something = else;") == .absent)
    }

    @Test(arguments: faults)
    func `a media check that breaks a rule is a fault`(text: String, reason: String) throws {
        #expect(try #require(try mediaCheck(text).fault).detail.contains(reason))
    }
}
