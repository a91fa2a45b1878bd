<?xml version="1.0" encoding="UTF-8"?>
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:c="https://castile.example/cities" exclude-result-prefixes="c">
  <xsl:output method="html" encoding="UTF-8" indent="yes"/>

  <xsl:template match="/">
    <table>
      <tr><th>City</th><th>Region</th><th>Population</th><th>Rivers</th></tr>
      <xsl:for-each select="//c:city">
        <xsl:sort select="c:population" data-type="number" order="descending"/>
        <tr>
          <td><xsl:value-of select="c:name"/></td>
          <td><xsl:value-of select="c:region"/></td>
          <td><xsl:value-of select="format-number(c:population, '#,##0')"/></td>
          <td>
            <xsl:for-each select="c:river">
              <xsl:if test="position() > 1">, </xsl:if>
              <xsl:value-of select="."/>
            </xsl:for-each>
          </td>
        </tr>
      </xsl:for-each>
    </table>
  </xsl:template>
</xsl:stylesheet>
