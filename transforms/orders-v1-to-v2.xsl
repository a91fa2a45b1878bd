<?xml version="1.0" encoding="UTF-8"?>
<!-- An old contract in front of a new service: requests of orders/1 become requests of wsdl/orders.wsdl.
     Headers and faults pass as they are. orders-v2-to-v1.xsl is the way back, for replies. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:o="https://castile.example/orders" xmlns:old="https://castile.example/orders/1"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" exclude-result-prefixes="old xsi">
  <xsl:import href="parts/soap.xsl"/>

  <!-- Where the old contract leaves the currency out. -->
  <xsl:param name="currency" select="'EUR'"/>

  <xsl:template match="old:NewOrder">
    <xsl:variable name="money">
      <xsl:value-of select="@currency"/>
      <xsl:if test="not(@currency)"><xsl:value-of select="$currency"/></xsl:if>
    </xsl:variable>
    <o:PlaceOrder>
      <o:order currency="{$money}">
        <o:customer id="{old:customerNo}">
          <o:name><xsl:value-of select="old:customerName"/></o:name>
          <xsl:apply-templates select="old:address"/>
        </o:customer>
        <xsl:apply-templates select="old:item"/>
        <xsl:apply-templates select="old:payBy"/>
        <xsl:if test="normalize-space(old:note)"><o:remark><xsl:value-of select="old:note"/></o:remark></xsl:if>
      </o:order>
    </o:PlaceOrder>
  </xsl:template>

  <xsl:template match="old:address[not(@country) or @country = 'es']">
    <o:address xsi:type="o:SpanishAddress">
      <xsl:call-template name="street"/>
      <o:codigoPostal><xsl:value-of select="@postCode"/></o:codigoPostal>
    </o:address>
  </xsl:template>
  <xsl:template match="old:address">
    <o:address xsi:type="o:ForeignAddress">
      <xsl:call-template name="street"/>
      <xsl:if test="@postCode"><o:postCode><xsl:value-of select="@postCode"/></o:postCode></xsl:if>
      <o:country><xsl:value-of select="@country"/></o:country>
    </o:address>
  </xsl:template>
  <xsl:template name="street">
    <o:street><xsl:value-of select="old:street"/></o:street>
    <o:town><xsl:value-of select="old:town"/></o:town>
  </xsl:template>

  <!-- Quantities and prices pass as text: no digit is lost. -->
  <xsl:template match="old:item">
    <o:line>
      <o:article><xsl:value-of select="concat(substring(@code, 1, 2), '-', substring(@code, 3))"/></o:article>
      <o:quantity><xsl:value-of select="@qty"/></o:quantity>
      <o:price><xsl:value-of select="@price"/></o:price>
    </o:line>
  </xsl:template>

  <xsl:template match="old:payBy[. = 'invoice']"><o:invoice>true</o:invoice></xsl:template>
  <xsl:template match="old:payBy[@iban]">
    <o:transfer><o:iban><xsl:value-of select="@iban"/></o:iban></o:transfer>
  </xsl:template>
  <xsl:template match="old:payBy">
    <xsl:message terminate="yes">the old contract's way of paying '<xsl:value-of select="."/>' is not known to the new one</xsl:message>
  </xsl:template>

  <xsl:template match="old:QueryOrder">
    <o:GetOrder><o:number><xsl:value-of select="@number"/></o:number></o:GetOrder>
  </xsl:template>
</xsl:stylesheet>
