<?xml version="1.0" encoding="UTF-8"?>
<!-- Muenchian grouping: cities under their region, with sums. The key finds the members of a group in one step. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:c="https://castile.example/cities" exclude-result-prefixes="c">
  <xsl:output method="xml" encoding="UTF-8" indent="yes"/>
  <xsl:key name="by-region" match="c:city" use="c:region"/>

  <xsl:template match="/">
    <regions>
      <xsl:for-each select="//c:city[generate-id() = generate-id(key('by-region', c:region)[1])]">
        <xsl:sort select="sum(key('by-region', c:region)/c:population)" data-type="number" order="descending"/>
        <xsl:variable name="members" select="key('by-region', c:region)"/>
        <region name="{c:region}" cities="{count($members)}" population="{sum($members/c:population)}">
          <xsl:for-each select="$members">
            <xsl:sort select="c:name"/>
            <city><xsl:value-of select="c:name"/></city>
          </xsl:for-each>
        </region>
      </xsl:for-each>
    </regions>
  </xsl:template>
</xsl:stylesheet>
