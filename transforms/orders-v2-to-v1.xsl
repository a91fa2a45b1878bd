<?xml version="1.0" encoding="UTF-8"?>
<!-- Replies of wsdl/orders.wsdl become replies of orders/1: the way back of orders-v1-to-v2.xsl. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:o="https://castile.example/orders" xmlns:old="https://castile.example/orders/1"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" exclude-result-prefixes="o xsi">
  <xsl:import href="parts/soap.xsl"/>

  <xsl:template match="o:PlaceOrderResponse">
    <old:NewOrderResult number="{o:number}" total="{o:total}">
      <xsl:copy-of select="o:total/@currency"/>
      <xsl:if test="not(o:promised/@xsi:nil = 'true')">
        <xsl:attribute name="promised"><xsl:value-of select="o:promised"/></xsl:attribute>
      </xsl:if>
    </old:NewOrderResult>
  </xsl:template>

  <xsl:template match="o:GetOrderResponse">
    <old:QueryOrderResult><xsl:apply-templates select="o:order"/></old:QueryOrderResult>
  </xsl:template>

  <xsl:template match="o:order">
    <old:order currency="{@currency}">
      <old:customerNo><xsl:value-of select="o:customer/@id"/></old:customerNo>
      <old:customerName><xsl:value-of select="o:customer/o:name"/></old:customerName>
      <xsl:apply-templates select="o:customer/o:address[1] | o:line"/>
      <xsl:apply-templates select="o:invoice | o:transfer | o:card"/>
      <old:note><xsl:value-of select="o:remark"/></old:note>
    </old:order>
  </xsl:template>

  <xsl:template match="o:address">
    <old:address>
      <xsl:if test="o:country"><xsl:attribute name="country"><xsl:value-of select="o:country"/></xsl:attribute></xsl:if>
      <xsl:if test="o:codigoPostal | o:postCode">
        <xsl:attribute name="postCode"><xsl:value-of select="o:codigoPostal | o:postCode"/></xsl:attribute>
      </xsl:if>
      <old:street><xsl:value-of select="o:street"/></old:street>
      <old:town><xsl:value-of select="o:town"/></old:town>
    </old:address>
  </xsl:template>

  <xsl:template match="o:line">
    <old:item code="{translate(o:article, '-', '')}" qty="{o:quantity}" price="{o:price}"/>
  </xsl:template>

  <xsl:template match="o:invoice"><old:payBy>invoice</old:payBy></xsl:template>
  <xsl:template match="o:transfer"><old:payBy iban="{o:iban}">transfer</old:payBy></xsl:template>
  <xsl:template match="o:card"><old:payBy>card</old:payBy></xsl:template>
</xsl:stylesheet>
